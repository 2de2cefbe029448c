namespace Relais.Fieldwork.Contracts;

/// <summary>Another module that keeps completed interviews with a listening day, and can say which of them it has.</summary>
/// <param name="Name">As reports call it.</param>
/// <param name="MissingAsync">Which of these interviews, with the time of their completion, it should have and has not.</param>
public sealed record InterviewKeeper(
    string Name, Func<IServiceProvider, IReadOnlyDictionary<Guid, DateTimeOffset>, CancellationToken, Task<IReadOnlyList<Guid>>> MissingAsync);
