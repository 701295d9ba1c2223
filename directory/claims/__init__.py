"""Claims: whoever runs a clinic proves it and takes the listing over; what it changes afterwards is looked at anew.

Payment proves nothing here. Who claims is told to the desk and to nobody else, sealed, and gone on schedule.
"""
