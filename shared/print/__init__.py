"""What is printed: letters and QR symbols for PDF files."""
