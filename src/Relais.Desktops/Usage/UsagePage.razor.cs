using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Desktops.Fleet;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Usage;

public partial class UsagePage
{
    private UsageReport _report = new([], Measured: false, new UsageSum("", 0, 0, 0, 0, 0, 0, 0, null, null), [], []);
    private FleetForecast? _forecast;
    private IReadOnlyList<(string Name, string Title)> _bundles = [];
    private IReadOnlyList<GroupCard> _teams = [];
    private IReadOnlyList<string> _tags = [];
    private string? _reason;

    [SupplyParameterFromQuery] internal string? From { get; set; }
    [SupplyParameterFromQuery] internal string? To { get; set; }
    [SupplyParameterFromQuery(Name = "q")] internal string? Search { get; set; }
    [SupplyParameterFromQuery] internal string? Team { get; set; }
    [SupplyParameterFromQuery] internal string? Bundle { get; set; }
    [SupplyParameterFromQuery] internal string? Tag { get; set; }
    [SupplyParameterFromQuery(Name = "verdict")] internal string? Judged { get; set; }
    [SupplyParameterFromQuery] internal int? Page { get; set; }
    [SupplyParameterFromForm(FormName = "act")] internal string[]? Chosen { get; set; }
    [SupplyParameterFromForm(FormName = "act")] internal string? Everything { get; set; }
    [SupplyParameterFromForm(FormName = "act")] internal string? Do { get; set; }

    [CascadingParameter] internal HttpContext Context { get; set; } = default!;
    [Inject] internal DesktopsDb Db { get; set; } = default!;
    [Inject] internal ReadUsage Usage { get; set; } = default!;
    [Inject] internal ReadForecast Forecasts { get; set; } = default!;
    [Inject] internal Groups Groups { get; set; } = default!;
    [Inject] internal BundleCatalog Catalog { get; set; } = default!;
    [Inject] internal IOptions<UsageOptions> Options { get; set; } = default!;
    [Inject] internal AskFleet Ask { get; set; } = default!;
    [Inject] internal TimeProvider Clock { get; set; } = default!;

    /// <summary>Null when the address names no period.</summary>
    private UsageQuery? Query { get; set; }

    private string? Currency => Options.Value.PricedIn;

    private int Number => Math.Max(1, Page ?? 1);

    private IEnumerable<UsageLine> Shown => _report.Lines.Skip((Number - 1) * ListDesktops.PageLength).Take(ListDesktops.PageLength);

    private int Resizable => _report.Lines.Count(l => l.CanResize);

    private int Archivable => _report.Lines.Count(l => l.CanArchive);

    private string ExportHref => Navigation.GetUriWithQueryParameters("/desktops/usage/export.csv", Asked);

    private Dictionary<string, object?> Asked => new(StringComparer.Ordinal)
    {
        ["from"] = Filled(From), ["to"] = Filled(To), ["q"] = Filled(Search), ["team"] = Filled(Team), ["bundle"] = Filled(Bundle), ["tag"] = Filled(Tag), ["verdict"] = Filled(Judged),
    };

    private IEnumerable<(string Name, string Label, string? Chosen, IEnumerable<(string Value, string Title)> Choices)> Choices =>
    [
        ("team", Text["Team"], Team, _teams.Select(t => (t.Id.ToString(), t.Name))), ("bundle", Text["Bundle"], Bundle, _bundles),
        .. _tags.Count == 0 ? [] : new[] { ("tag", Text["Tag"].Value, Tag, _tags.Select(t => (t, t))) },
        ("verdict", Text["Verdict"], Judged, Enum.GetValues<Verdict>().Select(v => (UsageApi.Word(v), Text["Verdict." + v].Value))),
    ];

    protected override async Task OnInitializedAsync()
    {
        var cancel = Context.RequestAborted;
        var language = System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        _bundles = [.. Catalog.Read().Bundles.Select(b => (b.Name, b.TitleIn(language))).OrderBy(b => b.Item2, StringComparer.CurrentCulture)];
        _teams = await Groups.AllAsync(cancel);
        _tags = DesktopTags.Distinct(await Db.Desktops.AsNoTracking().SelectMany(d => d.Tags).Distinct().ToListAsync(cancel));
        _forecast = await Forecasts.HandleAsync(cancel);
        if (UsageApi.TryDay(From, out var from) && UsageApi.TryDay(To, out var to))
            Query = UsageApi.QueryOf(from, to, Search, Guid.TryParse(Team, out var team) ? team : null, Bundle, Tag, Judged, Clock);
        if (Query is not null)
            _report = await Usage.HandleAsync(Query, cancel);
    }

    private async Task Act()
    {
        var chosen = (Chosen ?? []).Select(c => Guid.TryParse(c, out var id) ? id : Guid.Empty).ToHashSet();
        var lines = _report.Lines.Where(l => Everything is not null || chosen.Contains(l.Desktop)).ToList();
        var (action, arguments) = (FleetAction.Archive, new FleetArguments());
        if (Do == nameof(FleetAction.Resize))
        {
            lines.RemoveAll(l => !l.CanResize);
            (action, arguments) = (FleetAction.Resize, new FleetArguments { Sizes = lines.ToDictionary(l => l.Desktop, l => (int)l.SuggestedMiB.GetValueOrDefault()) });
        }
        else if (Do == nameof(FleetAction.Archive))
        {
            lines.RemoveAll(l => !l.CanArchive);
        }
        else
        {
            lines.Clear();
        }

        if (lines.Count == 0)
        {
            _reason = Do == nameof(FleetAction.Resize) ? "none-resizable" : "none-archivable";
            return;
        }

        var (job, reason) = await Ask.HandleAsync(action, arguments, [.. lines.Select(l => l.Desktop)], Actor.Of(Context), Context.RequestAborted);
        if (job is { } id)
            Navigation.NavigateTo($"/desktops/jobs/{id}");
        else
            _reason = reason;
    }

    // The same report of one team or tag.
    private string? Alone(string parameter, string? value) =>
        value is null ? null : Navigation.GetUriWithQueryParameters("/desktops/usage", new Dictionary<string, object?>(Asked, StringComparer.Ordinal) { [parameter] = value });

    private static string? Filled(string? text) => UsageApi.Filled(text);
}
