using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Dialling;

/// <summary>What a form says of how a wave is called by itself.</summary>
/// <param name="Limit">In percent.</param>
/// <param name="Ring">In seconds.</param>
internal sealed record DiallerFields(decimal? Limit, int? Ring, string? Message)
{
    /// <summary>The first thing that is wrong; null: nothing.</summary>
    public EditResult.Refused? Fault() => this switch
    {
        _ when Limit is not (>= 0.1m and <= WaveDialler.HighestLimitPercent) => new EditResult.Refused("Limit", "dialler-limit"),
        _ when Ring is not (>= WaveDialler.LeastRingSeconds and <= WaveDialler.LongestRingSeconds) => new EditResult.Refused("Ring", "dialler-ring"),
        _ when Message?.Trim() is not { Length: >= 20 and <= WaveDialler.MessageLength } => new EditResult.Refused("Message", "dialler-message"),
        _ => null,
    };

    public void Apply(WaveDialler dialler) =>
        (dialler.AbandonmentLimit, dialler.RingSeconds, dialler.Message) = ((double)(Limit ?? 0) / 100, (short)(Ring ?? 0), Message?.Trim() ?? "");
}
