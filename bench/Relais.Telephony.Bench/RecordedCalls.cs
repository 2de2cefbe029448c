using System.Globalization;
using System.Security.Cryptography;
using Relais.Recordings;
using Relais.Telephony.Lines;
using Relais.Telephony.Quality;
using Relais.Telephony.Recordings;

namespace Relais.Telephony.Bench;

/// <summary>Records calls, encrypted, and watches them, as the server does.</summary>
internal sealed class RecordedCalls(string folder)
{
    private readonly List<WatchedCall> _calls = [];

    public void Watch(Guid call, Guid trunk, RtpLeg voice)
    {
        var file = new FileStream(Path.Combine(folder, $"{call}.rlr"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
        var recorder = new CallRecorder(file, 0, new RecordingSeal(RandomNumberGenerator.GetBytes(RecordingSeal.KeyLength)), TimeSpan.FromSeconds(10));
        var watched = new WatchedCall(call, call, trunk, DateTimeOffset.UnixEpoch, voice, recorder, new QualityOptions());
        watched.Listen();
        _calls.Add(watched);
    }

    /// <summary>Ends all of them.</summary>
    /// <returns>What was kept, in words.</returns>
    public async Task<string> FinishAsync()
    {
        var findings = _calls.ConvertAll(c => c.Findings);
        foreach (var call in _calls)
        {
            call.StopListening();
            await call.Recorder!.FinishAsync(1000);
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_calls.Count(c => !c.Recorder!.Failed)} of {_calls.Count} recordings whole, {_calls.Average(c => c.Recorder!.DurationMs) / 1000.0:0.0} s and {_calls.Average(c => c.Recorder!.LengthBytes) / 1024.0:0} KiB each; dead air in {findings.Count(f => f.DeadAirs > 0)}, a side unheard in {findings.Count(f => f.Unheard is not null)}");
    }
}
