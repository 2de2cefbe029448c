# survey.R FOLDER METHOD: reads s.csv and m.csv of the folder, weighs, writes w-r.csv; says what the calibration alone took and the peak memory.
suppressMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
setwd(arguments[1])
method <- arguments[2]
sample <- read.csv("s.csv", stringsAsFactors = TRUE)
margins <- read.csv("m.csv", stringsAsFactors = FALSE)
names <- unique(margins$variable)
design <- svydesign(ids = ~1, weights = ~weight, data = sample)
of <- function(name) {
  rows <- margins[margins$variable == name, ]
  rows[match(levels(sample[[name]]), rows$level), ]
}
formula <- as.formula(paste("~", paste(names, collapse = "+")))
population <- c(`(Intercept)` = sum(of(names[1])$total), unlist(lapply(names, function(n) {
  rows <- of(n)[-1, ]
  setNames(rows$total, paste0(n, rows$level))
})))
bounds <- c(0.4, 3)
took <- system.time(weighed <- switch(method,
  rake = rake(design, lapply(names, function(n) as.formula(paste("~", n))), lapply(names, function(n) setNames(of(n)[, c("level", "total")], c(n, "Freq")))),
  linear = calibrate(design, formula, population),
  raking = calibrate(design, formula, population, calfun = "raking"),
  logit = calibrate(design, formula, population, calfun = "logit", bounds = bounds),
  truncated = calibrate(design, formula, population, calfun = "linear", bounds = bounds)
))[["elapsed"]]
write.csv(data.frame(id = sample$id, weight = weights(weighed)), "w-r.csv", row.names = FALSE)
peak <- grep("^VmHWM", readLines("/proc/self/status"), value = TRUE)
cat(took, gsub("[^0-9]", "", peak), "\n")
