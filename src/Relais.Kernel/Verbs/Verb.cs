using Microsoft.Extensions.DependencyInjection;

namespace Relais.Kernel.Verbs;

/// <summary>Something the program does from the command line: <c>relais audit verify</c>.</summary>
/// <param name="Name">One or more words, as typed.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Run">Does it and gives the process's exit code.</param>
public sealed record Verb(string Name, string Summary, Func<VerbCall, CancellationToken, Task<int>> Run)
{
    /// <summary>What <c>--help</c> says where the summary is not all of it; a verb whose summary ends with "relais NAME --help" says it itself.</summary>
    public string? Usage { get; init; }

    /// <summary>Words that may follow its name, for the tab key: such as the actions that it knows.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Whether it answers <c>--help</c> itself.</summary>
    public bool ExplainsItself => Usage is null && Summary.EndsWith($": relais {Name} --help", StringComparison.Ordinal);
}

/// <summary>One call of a verb: the arguments after its name, and where to write.</summary>
/// <param name="Services">The modules' services; empty for a verb of files, which needs none.</param>
public sealed record VerbCall(IServiceProvider Services, IReadOnlyList<string> Arguments, TextWriter Out, TextWriter Error);

/// <summary>What a verb of files is called with: no settings, no database, no module.</summary>
public sealed class NoServices : IServiceProvider
{
    public static readonly NoServices Instance = new();

    public object? GetService(Type serviceType) => null;
}

public static class VerbRegistration
{
    public static IServiceCollection AddVerb(this IServiceCollection services, Verb verb) => services.AddSingleton(verb);
}
