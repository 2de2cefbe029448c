namespace Relais.Fieldwork.Samples;

/// <summary>What decides which pool a new case belongs to.</summary>
/// <param name="Known">The known quota variables as a JSON object, names in their order.</param>
internal readonly record struct NewPool(string Known, string Zone, string Language, string Skill, short Priority);

/// <summary>A case of a file, checked.</summary>
internal sealed record NewCase(string Key, NewPool Pool, int Replicate, IReadOnlyList<long> Numbers, string Fields);

/// <summary>What is wrong with a line.</summary>
internal sealed record LineFault(long? Line, string? Column, string Code, string? Named = null);
