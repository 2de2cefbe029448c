using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Conditions;
using Relais.Kernel.Audit;

namespace Relais.Access.Contracts;

/// <summary>What a rule of access may be about.</summary>
[Flags]
public enum AccessTarget
{
    None = 0,

    /// <summary>Signing in to the portal.</summary>
    SignIn = 1,

    /// <summary>One's own desktop.</summary>
    Desktop = 2,

    /// <summary>A workstation of the office.</summary>
    Workstation = 4,

    /// <summary>An internal web app.</summary>
    App = 8,

    /// <summary>Whatever is opened with a native client; together with what it opens.</summary>
    NativeClient = 16,

    /// <summary>The pages of administrators and auditors.</summary>
    Administration = 32,
}

/// <summary>Somebody who opens something, or has it open.</summary>
/// <param name="Person">Whose rights count.</param>
/// <param name="SignIn">How they showed who they are.</param>
/// <param name="What">What they open; <see cref="AccessTarget.NativeClient"/> is added to what a native client opens.</param>
/// <param name="From">The address that the server sees, or null when it is not known.</param>
public sealed record AccessAsked(PersonId Person, SignInId SignIn, AccessTarget What, IPAddress? From);

/// <summary>What the institute's rules say to an opening.</summary>
public abstract record AccessAnswer
{
    private AccessAnswer() { }

    public sealed record Allowed : AccessAnswer;

    /// <summary>A second factor must be given first, at <see cref="AccessConditions.StepUpPath"/>. Never said to a native client, which cannot ask for one.</summary>
    /// <param name="Words">For the person, in the language of the request.</param>
    public sealed record SecondFactorWanted(string Words) : AccessAnswer;

    /// <param name="Words">For the person, in the language of the request: what they can do. Does not say which rule it was.</param>
    public sealed record Refused(string Words) : AccessAnswer;
}

/// <summary>
/// The institute's rules on who may open what, from where, with which device and when. Answers come from the database as it is at the time
/// of the call. Safe to use from a singleton, and from several threads: every call takes a database context of its own.
/// </summary>
public sealed class AccessConditions
{
    /// <summary>The page that asks for a second factor, and then leads to its <c>returnUrl</c>.</summary>
    public const string StepUpPath = "/account/second-factor";

    /// <summary>The problem type of <see cref="AccessAnswer.Refused"/>.</summary>
    public const string RefusedProblem = "access-refused";

    /// <summary>The problem type of <see cref="AccessAnswer.SecondFactorWanted"/>.</summary>
    public const string SecondFactorProblem = "second-factor-wanted";

    private readonly IServiceScopeFactory _scopes;

    internal AccessConditions(IServiceScopeFactory scopes) => _scopes = scopes;

    /// <summary>Whether this may be opened now. A refusal is a line of the audit trail.</summary>
    public async Task<AccessAnswer> AskAsync(AccessAsked asked, Actor actor, CancellationToken cancel)
    {
        await using var scope = _scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AskConditions>().OpeningAsync(asked, actor, cancel);
    }

    /// <summary>
    /// When what is open must end, for those of which that is known within <paramref name="ahead"/>: a moment that is not in the future means now.
    /// The age of a second factor is not asked here: it counts when something is opened.
    /// </summary>
    public async Task<IReadOnlyDictionary<AccessAsked, DateTimeOffset>> EndsAsync(IReadOnlyCollection<AccessAsked> open, TimeSpan ahead, CancellationToken cancel)
    {
        if (open.Count == 0)
            return new Dictionary<AccessAsked, DateTimeOffset>();
        await using var scope = _scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AskConditions>().EndsAsync(open, ahead, cancel);
    }

    /// <summary>Whether what is open may go on now.</summary>
    public async Task<bool> StandsAsync(AccessAsked open, CancellationToken cancel) => (await EndsAsync([open], TimeSpan.Zero, cancel)).Count == 0;
}
