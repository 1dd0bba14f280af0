"""A labelled zoo: machines that open links, people who answer, and what each way of counting makes of them."""
