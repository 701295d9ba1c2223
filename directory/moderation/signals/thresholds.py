"""Every number that signals are judged by, in one place, with where it comes from.

Where the source says "seeds 1 to 20", the number was chosen on those seeds of the simulator (`benchmarks/rings/`) and
is measured on others. Each is a bound on evidence, so raising it makes a signal fire less, never more.
"""

from datetime import timedelta

# Traces: keys rotate with the period, and a trace lives to the end of the next one, so at most 180 days: what the
# security log is kept for (GDPR Art. 5(1)(e); retention table of the privacy page).
PERIOD = timedelta(days=90)

# Burst: arrivals against the clinic's own baseline (Fei et al., ICWSM 2013; Xie et al., KDD 2012).
BASELINE = timedelta(days=365)
# A clinic with no history is taken for one that gets one review in 60 days, weighed as one review.
PRIOR_REVIEWS, PRIOR_DAYS = 1.0, 60.0
BURST_DAYS = (3, 7, 14, 30)
RISE_DAYS = (60, 90, 120, 180)
BURST_LEAST, BURST_LEAST_HIGH = 4, 5
BURST_LOW, BURST_MEDIUM, BURST_HIGH = 1e-3, 3e-5, 3e-6  # seeds 1 to 20
LAYERS = 3  # rushes close to each other that are told apart
RISE_LEAST, RISE_A_WEEK = 5, 2
RISE_MEDIUM, RISE_HIGH = 3e-4, 3e-5  # seeds 1 to 20
CLOCK_ASKED = 0.2  # windows less likely than that are also measured by the site's own growth

# Crowd: who wrote in a rush or a rise. Each share starts at the usual one, weighed as SHARE_WEIGHT reviews.
SHARE_WEIGHT = 10
SHARE_OF_FIVE = 0.65  # of honest reviews, until a clinic has a share of its own (J-shaped: Hu, Zhang, Pavlou 2009)
# An account younger than FRESH_ACCOUNT was opened to write this; one older than OLD_ACCOUNT is somebody's own. Between
# the two it lay ready: USUAL_READY of honest ones, until the site has a share of its own.
FRESH_ACCOUNT, OLD_ACCOUNT = timedelta(hours=24), timedelta(days=60)
USUAL_READY = 0.25

# Near copies: MinHash (Broder 1997) finds candidates, the words themselves decide. Jindal and Liu (WSDM 2008) take
# Jaccard 0.7 for a copy; a spun template keeps less of its runs and about that of its longest common sequence.
COPY_WORDS = 15  # below, people who never met write the same
ORDER_MEDIUM, ORDER_HIGH = 0.50, 0.62  # longest common sequence; seeds 1 to 20
RUNS_MEDIUM, RUNS_HIGH = 0.28, 0.40  # Jaccard of runs of three words, for sentences put in another order; same seeds
COPY_CANDIDATES = 60

# Same origin (Yelp's practice; decision of the house: never the address itself).
ORIGIN_ROWS = 200
SESSIONS_KEPT = timedelta(days=180)  # of sign-ins that are looked at
NETWORK_MEDIUM, NETWORK_HIGH = 2, 3  # other authors at this clinic from this network; one may be family
# Of the clinic's reviews in the two periods: a phone company carries some of everybody's, a ring much of one's.
NETWORK_SHARE = 0.2
# A café, a phone company, a VPN: that many people on it who have nothing to do with this clinic, and more than have.
SHARED_STRANGERS = 3

# Ties: an owner judging the trade next door (threat 3).
RIVAL_KM = 50.0

# Account: a scalp is treated once, at times corrected; somebody who was treated by four clinics in a year was not
# (account patterns beat words: Mukherjee et al., ICWSM 2013).
ACCOUNT_WINDOW = timedelta(days=365)
CLINICS_MEDIUM, CLINICS_HIGH = 3, 4
EXTREME_STARS = (1, 5)

# Incentive context (Luca and Zervas 2016): few reviews, a recent bad one, a new rival. A prior, so never above low.
FEW_REVIEWS = 5
RECENT_BAD = timedelta(days=30)
NEW_RIVAL = timedelta(days=180)
BAD_STARS = 2

# Ring: loopy belief propagation over who reviewed where (FraudEagle: Akoglu, Chandy, Faloutsos, ICWSM 2013).
RING_ROUNDS = 12
RING_CLINICS = 20  # of one author, in the neighbourhood of one review
RING_AUTHORS = 150  # of one clinic
RING_MEDIUM, RING_HIGH = 0.6, 0.9  # seeds 1 to 20

# An alert is proposed when that many reviews of one clinic are under suspicion; it stands for 90 days (Yelp).
ALERT_REVIEWS = 5
ALERT_DAYS = 90
