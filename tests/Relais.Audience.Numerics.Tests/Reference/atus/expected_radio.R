# Makes expected_radio.csv. In this folder: Rscript expected_radio.R
# R 4.2.2, survey 4.1-1. Reach of radio a day in per cent, with its logit interval of 95 % by the normal law, and minutes per listener.
library(survey)
r <- read.csv(gzfile("atus_respondents_2003_2016.csv.gz"), colClasses = c(tucaseid = "character"))
m <- read.csv(gzfile("atus_media_2003_2016.csv.gz"), colClasses = c(tucaseid = "character"))
radio <- m[m$activity == 120305, ]
r$minutes <- 0
r$minutes[match(radio$tucaseid, r$tucaseid)] <- radio$minutes
r$listened <- as.numeric(r$minutes > 0)
r$group <- cut(r$age, c(0, 24, 34, 49, 64, Inf), labels = c("15-24", "25-34", "35-49", "50-64", "65+"))
r$all <- "all"
design <- svydesign(~1, weights = ~wt, data = r)
fmt <- function(x) formatC(as.numeric(x), digits = 17, format = "g", width = -1)
lines <- "by,level,n,listeners,reach_pct,reach_pct_se,low,high,minutes,minutes_se"
for (by in c("all", "sex", "group", "tuyear")) for (level in sort(unique(as.character(r[[by]])))) {
  part <- subset(design, r[[by]] == level)
  reach <- svymean(~listened, part)
  ci <- confint(svyciprop(~listened, part, method = "logit", df = Inf))
  time <- svyratio(~minutes, ~listened, part)
  lines <- c(lines, paste(by, level, sum(r[[by]] == level), sum(r$listened[r[[by]] == level]), fmt(100 * coef(reach)), fmt(100 * SE(reach)),
    fmt(100 * ci[1]), fmt(100 * ci[2]), fmt(coef(time)), fmt(SE(time)), sep = ","))
}
writeLines(lines, "expected_radio.csv")
