using System.Net.WebSockets;
using System.Text;
using System.Text.Encodings.Web;

namespace Pilotage;

/// <summary>A survey in the field.</summary>
internal sealed record Survey(string Id, string Title, int Target)
{
    public int Done { get; set; }
}

/// <summary>
/// A survey-steering system as institutes have them: pages made on the server, a counter that moves by itself, sign-in left to what stands
/// before it. Of the gateway it knows one signed header. Settings: Portal, Host, Authority.
/// </summary>
internal static class SteeringSystem
{
    // A session of its own, as old systems keep one.
    private const string SessionCookie = "PILOTAGE";

    /// <param name="args">The settings, as "--Portal=https://relais.example".</param>
    /// <param name="clock">What identities are timed by; the system's when null.</param>
    public static WebApplication Build(string[] args, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(new Field());
        builder.Services.AddSingleton(_ => new IdentityCheck(
            new Uri(builder.Configuration["Portal"] ?? "https://localhost:8443"), builder.Configuration["Host"] ?? "pilotage.localhost",
            builder.Configuration["Authority"], clock ?? TimeProvider.System));
        var app = builder.Build();
        app.UseWebSockets();
        app.Use(async (context, next) =>
        {
            // Whoever comes past the gateway is nobody.
            if (await context.RequestServices.GetRequiredService<IdentityCheck>().OfAsync(context.Request, context.RequestAborted) is not { } person)
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                await context.Response.WriteAsync("Identité absente ou non vérifiable : ouvrez Pilotage par le portail.\n", context.RequestAborted);
                return;
            }

            context.Items[nameof(Identity)] = person;
            await next(context);
        });
        app.MapGet("/", (HttpContext context, Field field) => Show(context, ListOf(field)));
        app.MapGet("/enquetes/{id}", (string id, HttpContext context, Field field) =>
            field.Find(id) is { } survey ? Show(context, Of(survey)) : Results.NotFound());
        app.MapPost("/enquetes/{id}/relancer", (string id, Field field) => field.Count(id) ? Results.Redirect($"/enquetes/{id}") : Results.NotFound());
        app.Map("/compteur", CountAsync);
        app.MapGet("/flux", StreamAsync);
        app.MapPost("/import", async (HttpRequest request) =>
        {
            var length = 0L;
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
                length += read;
            return Results.Text($"{length} octets reçus");
        });
        return app;
    }

    private static async Task CountAsync(HttpContext context, Field field)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        try
        {
            do
            {
                await socket.SendAsync(Encoding.UTF8.GetBytes($"{field.Tick()}"), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
            }
            while (await pause.WaitForNextTickAsync(context.RequestAborted));
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The page was closed.
        }
    }

    private static async Task StreamAsync(HttpContext context, Field field)
    {
        context.Response.ContentType = "text/event-stream";
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        try
        {
            do
            {
                await context.Response.WriteAsync($"data: {field.Tick()}\n\n", context.RequestAborted);
            }
            while (await pause.WaitForNextTickAsync(context.RequestAborted));
        }
        catch (OperationCanceledException)
        {
            // The page was closed.
        }
    }

    private static IResult Show(HttpContext context, string body)
    {
        var person = (Identity)(context.Items[nameof(Identity)] ?? throw new InvalidOperationException("The identity is checked first."));
        if (context.Request.Cookies[SessionCookie] is null)
            context.Response.Cookies.Append(SessionCookie, Guid.NewGuid().ToString("N"), new CookieOptions { HttpOnly = true });
        var page = $$"""
            <!DOCTYPE html>
            <html lang="fr">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Pilotage des enquêtes</title>
            <style>
            :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
            body { margin: 0 auto; max-width: 52rem; padding: 1rem; }
            header { display: flex; flex-wrap: wrap; gap: .5rem 2rem; justify-content: space-between; border-bottom: 2px solid; }
            table { border-collapse: collapse; width: 100%; }
            th, td { text-align: left; padding: .4rem .6rem .4rem 0; border-bottom: 1px solid; }
            progress { width: 8rem; }
            </style>
            </head>
            <body>
            <header><p><a href="/">Pilotage des enquêtes</a></p><p>Connecté : <strong id="personne">{{Encode(person.Name)}}</strong> ({{Encode(string.Join(", ", person.Groups))}})</p></header>
            <main>{{body}}</main>
            <p>Entretiens enregistrés depuis l’ouverture : <output id="compteur">…</output></p>
            <script>
            const socket = new WebSocket(`wss://${location.host}/compteur`);
            socket.onmessage = m => document.getElementById('compteur').textContent = m.data;
            socket.onclose = () => document.getElementById('compteur').textContent = 'arrêté';
            </script>
            </body>
            </html>
            """;
        return Results.Content(page, "text/html; charset=utf-8");
    }

    private static string ListOf(Field field)
    {
        var rows = field.Surveys.Select(s => $"""
            <tr><th scope="row"><a href="/enquetes/{s.Id}">{Encode(s.Title)}</a></th><td>{s.Done} / {s.Target}</td>
            <td><progress value="{s.Done}" max="{s.Target}" aria-label="Avancement : {Encode(s.Title)}"></progress></td></tr>
            """);
        return $"""
            <h1>Enquêtes en cours</h1>
            <table><thead><tr><th scope="col">Enquête</th><th scope="col">Entretiens</th><th scope="col">Avancement</th></tr></thead><tbody>{string.Concat(rows)}</tbody></table>
            """;
    }

    private static string Of(Survey survey) => $"""
        <h1>{Encode(survey.Title)}</h1>
        <p id="faits">{survey.Done} entretiens sur {survey.Target}</p>
        <form method="post" action="/enquetes/{survey.Id}/relancer"><button>Relancer les numéros sans réponse</button></form>
        """;

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}

/// <summary>The surveys, which move on while somebody looks.</summary>
internal sealed class Field
{
    private readonly Lock _lock = new();
    private int _recorded;

    public IReadOnlyList<Survey> Surveys { get; } =
    [
        new("baro-2026", "Baromètre des ménages 2026", 1200) { Done = 834 },
        new("mobilites", "Mobilités du quotidien", 800) { Done = 112 },
        new("lecture", "Lecture et médias", 600) { Done = 597 },
    ];

    public Survey? Find(string id) => Surveys.FirstOrDefault(s => s.Id == id);

    public bool Count(string id)
    {
        lock (_lock)
        {
            if (Find(id) is not { } survey)
                return false;
            survey.Done = Math.Min(survey.Target, survey.Done + 1);
            return true;
        }
    }

    public int Tick()
    {
        lock (_lock)
            return ++_recorded;
    }
}
