"""From the files of a checkout to those of the site."""
