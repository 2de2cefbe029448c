using Npgsql;
using Relais.Kernel.Verbs;

namespace Relais.Host;

/// <summary><c>relais serve</c>, or one of the modules' verbs.</summary>
internal static class CommandLine
{
    private const int UsageError = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["serve", ..])
        {
            await Server.RunAsync(args[1..]);
            return 0;
        }

        if (args is ["completion", ..])
            return await Completion.RunAsync(AllVerbs, args[1..]);

        // Before anything of the server is made: these take their place in a pipeline, in little time and memory.
        if (Find(Modules.FileVerbs, args) is { } fileVerb)
            return await RunAsync(fileVerb, NoServices.Instance, args);
        return await RunOfServerAsync(args);
    }

    // What the modules register; nothing of them is made.
    private static List<Verb> AllVerbs()
    {
        var services = new ServiceCollection();
        Modules.Add(services, new ConfigurationBuilder().Build());
        return [.. Modules.FileVerbs, .. services.Where(s => s.ServiceType == typeof(Verb)).Select(s => s.ImplementationInstance).OfType<Verb>()];
    }

    private static async Task<int> RunOfServerAsync(string[] args)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        Settings.AddTo(builder.Configuration);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // A verb says in its own words what went wrong.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
        Modules.Add(builder.Services, builder.Configuration);
        using var host = builder.Build();

        var verbs = host.Services.GetServices<Verb>().ToList();
        if (Find(verbs, args) is not { } verb)
        {
            await UsageAsync([.. verbs.Concat(Modules.FileVerbs).OrderBy(v => v.Name, StringComparer.Ordinal)], args);
            return args is [] or ["help"] or ["--help"] ? 0 : UsageError;
        }

        try
        {
            return await RunAsync(verb, host.Services, args);
        }
        catch (Exception e) when (Unreachable(e) is { } why)
        {
            await Console.Error.WriteLineAsync($"relais: the database does not answer ({why}). Start it with: ./relais up");
            return 1;
        }
    }

    private static async Task<int> RunAsync(Verb verb, IServiceProvider services, string[] args)
    {
        if (VerbHelp.IsAsked(verb, args))
        {
            await Console.Out.WriteLineAsync(VerbHelp.Of(verb));
            return 0;
        }

        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            interrupted.Cancel();
        };
        return await verb.Run(new VerbCall(services, args[verb.Name.Split(' ').Length..], Console.Out, Console.Error), interrupted.Token);
    }

    // EF Core wraps what Npgsql wraps.
    private static string? Unreachable(Exception e)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is NpgsqlException { InnerException: { } cause } && cause is System.Net.Sockets.SocketException or TimeoutException)
                return cause.Message;
        }

        return null;
    }

    // The longest name: "desktops pools set" is no "desktops pools".
    private static Verb? Find(IReadOnlyList<Verb> verbs, string[] args) => verbs.Where(v => Names(v, args)).MaxBy(v => v.Name.Length);

    private static bool Names(Verb verb, string[] args) => args.Take(verb.Name.Split(' ').Length).SequenceEqual(verb.Name.Split(' '), StringComparer.Ordinal);

    private static async Task UsageAsync(List<Verb> verbs, string[] args)
    {
        var to = args is [] or ["help"] or ["--help"] ? Console.Out : Console.Error;
        if (to == Console.Error)
            await to.WriteLineAsync($"relais: no such verb: {string.Join(' ', args)}");
        await to.WriteLineAsync("usage: relais VERB [ARGUMENTS]");
        await to.WriteLineAsync($"  {"serve",-24} serve the portal");
        await to.WriteLineAsync($"  {Completion.Name,-24} {Completion.Summary}");
        foreach (var verb in verbs)
            await to.WriteLineAsync($"  {verb.Name,-24} {verb.Summary}");
    }
}
