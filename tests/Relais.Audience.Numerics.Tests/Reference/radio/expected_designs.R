# Makes expected_designs.csv and calibrated_weights.csv. In this folder: Rscript expected_designs.R
# R 4.2.2, survey 4.1-1 (Debian 12: r-base-core r-cran-survey r-cran-mass).
library(survey)
d <- read.csv("respondents.csv"); l <- read.csv("listening.csv"); m <- read.csv("margins.csv")
d$d0 <- 55613000/nrow(d)
bands <- list("0500-2400"=0:75, "0600-0900"=4:15)
out <- list()
for (v in c("sex","age","csp","region","day")) d[[v]] <- factor(d[[v]])
des0 <- svydesign(~1, strata=~region, weights=~d0, data=d)
pop <- c("(Intercept)"=55613000)
for (v in c("sex","age","csp","region")) { lv <- levels(d[[v]])[-1]; for (x in lv) pop[paste0(v,x)] <- m$total[m$variable==v & m$level==x] }
designs <- list(plain=svydesign(~1, strata=~region, weights=~weight, data=d),
  linear=calibrate(des0, ~sex+age+csp+region, pop, calfun="linear", epsilon=1e-12),
  raking=calibrate(des0, ~sex+age+csp+region, pop, calfun="raking", epsilon=1e-12, maxit=100))
masks <- list(all=rep(TRUE,nrow(d)), women_25_49=d$sex=="F" & d$age %in% c("25-34","35-49"), weekend=d$day!="LV", r1=d$region=="R1")
rowsets <- list(TOTAL_RADIO=paste0("S",1:10), GROUP_S1_S2=c("S1","S2"), S1="S1", S4="S4", S9="S9")
fmt <- function(x) formatC(x, digits=17, format="g", width=-1)
lines <- "design,target,band,station,ac,ac_se,ac_pct,ac_pct_se,qhm,qhm_se,qhm_pct,qhm_pct_se,volume_quarter_hours,dea_min,dea_min_se,pda_pct,pda_pct_se"
for (dn in names(designs)) for (bn in names(bands)) {
  lb <- l[l$qh %in% bands[[bn]],]
  tot <- as.numeric(table(factor(lb$id, levels=d$id)))
  for (rn in names(rowsets)) {
    ls <- lb[lb$station %in% rowsets[[rn]],]
    v <- as.numeric(table(factor(ls$id, levels=d$id)))
    u <- unique(ls[,c("id","qh")]); q <- as.numeric(table(factor(u$id, levels=d$id)))
    des <- update(designs[[dn]], a=as.numeric(q>0), q=q, qb=q/length(bands[[bn]]), q15=15*q, v=v, tot=tot)
    for (tn in names(masks)) {
      s <- subset(des, masks[[tn]])
      t1 <- svytotal(~a+qb+v, s); m1 <- svymean(~a+qb, s); r1 <- svyratio(~q15, ~a, s); r2 <- svyratio(~v, ~tot, s)
      lines <- c(lines, paste(dn,tn,bn,rn,fmt(coef(t1)[1]),fmt(SE(t1)[1]),fmt(100*coef(m1)[1]),fmt(100*SE(m1)[1]),fmt(coef(t1)[2]),fmt(SE(t1)[2]),fmt(100*coef(m1)[2]),fmt(100*SE(m1)[2]),fmt(coef(t1)[3]),fmt(as.numeric(coef(r1))[1]),fmt(as.numeric(SE(r1))[1]),fmt(100*as.numeric(coef(r2))[1]),fmt(100*as.numeric(SE(r2))[1]),sep=","))
    }
  }
}
writeLines(lines, "expected_designs.csv")
w <- data.frame(id=d$id, linear=weights(designs$linear), raking=weights(designs$raking));
writeLines(c("id,linear,raking", paste(w$id, fmt(w$linear), fmt(w$raking), sep=",")), "calibrated_weights.csv")
