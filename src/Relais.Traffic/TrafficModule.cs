using Relais.Kernel.Verbs;
using Relais.Traffic.Streams;

namespace Relais.Traffic;

public static class TrafficModule
{
    /// <summary>Verbs that read and write plain files, without a server.</summary>
    public static IReadOnlyList<Verb> FileVerbs { get; } = [MeasureVerb.Verb];
}
