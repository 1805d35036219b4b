"""Convert HTML, Word or PDF on standard input to Markdown on standard output.

The only argument is the format: html, docx or pdf. The files are untrusted, so this runs as a
separate program, which can be stopped when it takes too much time or memory. Exit status: 0, or 1
if nothing can be read, with the reason on standard error.
"""

import contextlib
import io
import re
import sys
import zipfile
from collections import Counter

import mammoth
from bs4 import BeautifulSoup
from markdownify import MarkdownConverter
from pypdf import PdfReader

MAX_MEMORY = 1 << 30  # bytes
MAX_PAGES = 300
MAX_UNPACKED = 100_000_000  # bytes of all parts of a Word document
_NO_TEXT = (
    "aside, button, footer, form, iframe, img, nav, noscript, script, select, style, svg, template,"
    "title, [hidden], [style*='display:none'], [style*='display: none']"
)
_BLOCKS = ["p", "h1", "h2", "h3", "h4", "ul", "ol"]


def pdf(data: bytes) -> str:
    """Return the text layer of a PDF without headers and footers.

    These are lines that most pages share, disregarding digits. Raises ValueError.
    """
    reader = PdfReader(io.BytesIO(data))
    if len(reader.pages) > MAX_PAGES:
        raise ValueError(f"has {len(reader.pages)} pages; at most {MAX_PAGES} are allowed")
    pages = [page.extract_text().split("\n") for page in reader.pages]
    counts = Counter(line for page in pages for line in {re.sub(r"\d+", "", x) for x in page})
    repeated = {line for line, count in counts.items() if count > max(2, len(pages) / 2)}
    return "\n".join(x for page in pages for x in page if re.sub(r"\d+", "", x) not in repeated)


def docx(data: bytes) -> str:
    """Return a Word document as Markdown; automatic numbering becomes a list.

    Raises ValueError.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "word/document.xml" not in archive.namelist():
            raise ValueError("is an archive but no Word document; give the document itself")
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise ValueError("is too large when unpacked; save it as plain text")
    no_image = mammoth.images.img_element(lambda _: {})
    return html(mammoth.convert_to_html(io.BytesIO(data), convert_image=no_image).value.encode())


def html(data: bytes) -> str:
    """Return a web page as Markdown without its navigation, forms and scripts."""
    soup = BeautifulSoup(data, "html.parser")
    for tag in soup.select(_NO_TEXT):
        tag.decompose()
    for cell in soup.find_all(["td", "th"]):
        table = cell.find_parent("table")
        parts = cell.find_all(_BLOCKS, limit=2) or cell.select("br + br", limit=2)
        if table and (cell.table or len(parts) > 1):
            table.name = "div"  # the table is only used for layout
    for tag in soup.find_all(["tr", "td", "th"]):
        parent = tag.find_parent(["table", "div"])
        tag.name = tag.name if parent and parent.name == "table" else "div"
    converter = MarkdownConverter(
        heading_style="ATX", bullets="-", escape_asterisks=False, escape_underscores=False
    )
    return str(converter.convert_soup(soup))


def main(kind: str) -> int:
    """Convert standard input and return the exit status."""
    with contextlib.suppress(ImportError):  # Windows has no resource module
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    try:
        text = {"pdf": pdf, "docx": docx, "html": html}[kind](sys.stdin.buffer.read())
    except Exception as error:  # noqa: BLE001 - the libraries raise anything for a bad file
        reason = f"cannot be read ({type(error).__name__}); save it as plain text"
        print(error if type(error) is ValueError else reason, file=sys.stderr)
        return 1
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
