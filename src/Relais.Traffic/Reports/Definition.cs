namespace Relais.Traffic.Reports;

/// <summary>What is counted as what, under a name with a version: figures say by which they were made, and a change is a new version beside the old.</summary>
/// <param name="View">Of a request: is it a page view?</param>
/// <param name="Visit">Of a request: does it show that a visitor was there?</param>
/// <param name="Begins">Of such a request, knowing the visitor's one before (<c>gap</c> in seconds, <c>before_day</c>): does a visit begin?</param>
internal sealed record Definition(string Name, string View, string Visit, string Begins, string French, string English)
{
    public static readonly Definition Pages = new(
        "pages/1",
        "page AND NOT bot AND method = 'GET' AND (status BETWEEN 200 AND 299 OR status = 304)",
        "page AND NOT bot AND method = 'GET' AND (status BETWEEN 200 AND 299 OR status = 304)",
        "gap IS NULL OR gap >= 1800",
        "Page vue : GET d'une page (assets/1), servie (2xx ou 304), pas par un robot (bots/1). Visite : pages d'un visiteur séparées de moins de 30 min.",
        "Page view: GET of a page (assets/1) that was served (2xx or 304), not by a bot (bots/1). Visit: a visitor's pages with less than 30 min between them.");

    public static readonly Definition GoAccess = new(
        "goaccess/1",
        "page AND status <> 404",
        "status NOT BETWEEN 400 AND 499",
        "before_day IS NULL OR before_day <> day",
        "Comme GoAccess 1.7 : toute requête de page sauf 404, robots compris. Visite : adresse et navigateur, une fois par jour, sauf requêtes 4xx.",
        "As GoAccess 1.7: every request of a page but 404, bots too. Visit: address and agent, once a day, but requests 4xx.");

    /// <summary>Made ahead for each quarter of an hour, in ClickHouse: quick for any period, and different people are estimated.</summary>
    public static readonly Definition Cells = new(
        "cells/1",
        Pages.View,
        Pages.Visit,
        Pages.Begins,
        "Quarts d'heure préparés : pages vues comme pages/1 ; visiteurs et auditeurs différents estimés (HyperLogLog, erreur type 0,81 %) ; heures connectées sans le seuil de 60 s ; ni visites ni sessions.",
        "Quarter hours made ahead: page views as in pages/1; different visitors and listeners are estimated (HyperLogLog, standard error 0.81 %); hours connected without the rule of 60 s; neither visits nor sessions.");

    public static readonly IReadOnlyList<Definition> All = [Pages, GoAccess];

    public static readonly IReadOnlyList<Definition> OfClickHouse = [.. All, Cells];

    /// <summary>Of listening: one so far.</summary>
    public const string Listening = "listening/1";

    public const string ListeningFrench = "Session : connexions d'un auditeur à une chaîne séparées de moins de 3 min, comptée à partir de 60 s (écoute active : plus de 30 s), au moment où elle commence ; heures au moment où l'on écoute.";

    public const string ListeningEnglish = "Session: a listener's connections to a channel with less than 3 min between them, counted from 60 s on (active listen: more than 30 s), when it begins; hours when they are heard.";
}
