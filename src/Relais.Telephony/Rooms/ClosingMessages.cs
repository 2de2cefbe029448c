using System.Collections.Concurrent;
using Relais.Telephony.Lines;
using Relais.Telephony.Speaking;

namespace Relais.Telephony.Rooms;

/// <summary>What somebody hears who answered and for whom nobody is free: a sentence, and then the call is hung up. Each text is spoken once and kept.</summary>
internal sealed class ClosingMessages(Announcer announcer, TrunkLines lines)
{
    private const int Rate = 8000;
    private const int MostKept = 200;
    private static readonly TimeSpan Tail = TimeSpan.FromMilliseconds(400);

    private readonly ConcurrentDictionary<string, Lazy<Task<byte[]?>>> _spoken = new(StringComparer.Ordinal);

    /// <summary>Makes it ready; false where nothing here can speak it.</summary>
    public async Task<bool> ReadyAsync(string text, CancellationToken cancel)
    {
        if (await Spoken(text).WaitAsync(cancel) is not null)
            return true;
        // Another time the program may be there.
        _spoken.TryRemove(text, out _);
        return false;
    }

    /// <summary>Says it to the callee and hangs up after its end. Where it cannot be said the call ends at once.</summary>
    public async Task PlayAsync(Guid call, string text)
    {
        if (lines.VoiceOf(call) is { } voice && await Spoken(text) is { } sound)
        {
            voice.Announce(sound);
            // A voice has the pace of the world, whatever clock the calls are kept by.
            await Task.Delay(TimeSpan.FromSeconds((double)sound.Length / Rate) + Tail, TimeProvider.System);
        }

        lines.End(call);
    }

    private Task<byte[]?> Spoken(string text)
    {
        if (_spoken.Count > MostKept)
            _spoken.Clear();
        return _spoken.GetOrAdd(text, static (words, how) => new Lazy<Task<byte[]?>>(() => how.OfTextAsync(words, "fr", CancellationToken.None)), announcer).Value;
    }
}
