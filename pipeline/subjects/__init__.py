"""The subjects that trades are made of: each a folder with all that it brings (see `pipeline.contract.subjects`)."""
