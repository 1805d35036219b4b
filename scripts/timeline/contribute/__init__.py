"""Turn issues, forms and newsletters into entry files, and support the review of contributions."""
