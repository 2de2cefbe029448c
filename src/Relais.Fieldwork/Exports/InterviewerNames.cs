using System.Security.Cryptography;
using System.Text;
using Relais.Access.Contracts;

namespace Relais.Fieldwork.Exports;

/// <summary>
/// How interviewers are called in an export: by their name for whoever leads them; for everybody else by a pseudonym that is the same in all waves of a
/// study and another one in the next study.
/// </summary>
internal sealed class InterviewerNames
{
    private const int PseudonymLength = 10;

    private readonly Guid _study;
    private readonly IReadOnlyDictionary<PersonId, PersonCard>? _cards;

    private InterviewerNames(Guid study, IReadOnlyDictionary<PersonId, PersonCard>? cards) => (_study, _cards) = (study, cards);

    /// <param name="named">Whether names are shown; else pseudonyms.</param>
    public static async Task<InterviewerNames> OfAsync(Guid study, IReadOnlyCollection<Guid> interviewers, bool named, People people, CancellationToken cancel) =>
        new(study, named ? await people.FindManyAsync([.. interviewers.Select(p => new PersonId(p))], cancel) : null);

    /// <summary>Somebody who was deleted since has a pseudonym for everybody; calls that reached no interviewer are Relais's own.</summary>
    public string Of(Guid person) => person == Cases.Attempt.Nobody ? "Relais" : _cards?.GetValueOrDefault(new PersonId(person))?.DisplayName ?? Pseudonym(_study, person);

    // Ids of people are drawn at random and are in no export, so nobody goes through them to find whose hash this is.
    internal static string Pseudonym(Guid study, Guid person) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{study:N}:{person:N}")))[..PseudonymLength];
}
