using Relais.Telephony.Protocols.Audio;

namespace Relais.Telephony.Protocols.Quality;

/// <summary>One of the two who speak in a call.</summary>
public enum VoiceSide
{
    Respondent,
    Interviewer,
}

/// <summary>What was found in the voices of a call so far.</summary>
/// <param name="Watched">How much of the call was looked at.</param>
/// <param name="DeadAir">Time in which nobody was heard for longer than is usual between two people, in all.</param>
/// <param name="DeadAirs">How often.</param>
/// <param name="Silence">How long nobody has been heard up to now.</param>
/// <param name="Unheard">Who has never been heard although the other spoke; null for nobody.</param>
/// <param name="RespondentClipped">Share of the respondent's sounding frames that are cut off at the top, 0 to 1.</param>
/// <param name="InterviewerClipped">The same of the interviewer.</param>
public sealed record VoiceFindings(
    TimeSpan Watched, TimeSpan DeadAir, int DeadAirs, TimeSpan Silence, VoiceSide? Unheard, double RespondentClipped, double InterviewerClipped);

/// <summary>
/// Listens to the levels of a call's two voices, frame by frame: dead air, a side that nobody hears (the usual sign of a translator or firewall in the way), and
/// voices that are cut off because a microphone is set too loud. Not for several threads.
/// </summary>
/// <param name="deadAfter">Both silent for longer than this is dead air.</param>
/// <param name="unheardAfter">A side that was not heard once by then, while the other spoke, is unheard.</param>
/// <param name="silentBelow">What is quieter is silence, in dB below full scale: a quiet room on a telephone is about -60, a low voice -40.</param>
public sealed class VoiceWatch(TimeSpan deadAfter, TimeSpan unheardAfter, double silentBelow = -50)
{
    // The other must have said something that waits for an answer.
    private static readonly TimeSpan Spoken = TimeSpan.FromSeconds(1);

    private readonly Side _respondent = new();
    private readonly Side _interviewer = new();
    private TimeSpan _watched;
    private TimeSpan _silence;
    private TimeSpan _dead;
    private int _deads;

    private sealed class Side
    {
        private long _frames;
        private long _clipped;

        public TimeSpan Sounding { get; private set; }

        public double Share => _frames == 0 ? 0 : (double)_clipped / _frames;

        public void Add(ReadOnlySpan<byte> frame, TimeSpan length)
        {
            Sounding += length;
            _frames++;
            if (VoiceLevel.IsClipped(frame))
                _clipped++;
        }
    }

    /// <summary>Takes the next frame of each side, a-law of the same length at 8 kHz.</summary>
    public void Add(ReadOnlySpan<byte> respondent, ReadOnlySpan<byte> interviewer)
    {
        var length = TimeSpan.FromSeconds((double)respondent.Length / Resampling.TelephoneRate);
        _watched += length;
        var (one, other) = (VoiceLevel.Of(respondent) >= silentBelow, VoiceLevel.Of(interviewer) >= silentBelow);
        if (one)
            _respondent.Add(respondent, length);
        if (other)
            _interviewer.Add(interviewer, length);
        if (one || other)
        {
            _silence = TimeSpan.Zero;
            return;
        }

        var before = _silence;
        _silence += length;
        if (_silence <= deadAfter)
            return;
        // The beginning counts too, once it is known to be dead air.
        _dead += before > deadAfter ? length : _silence;
        if (before <= deadAfter)
            _deads++;
    }

    /// <summary>What was found up to now.</summary>
    public VoiceFindings Findings => new(_watched, _dead, _deads, _silence, Unheard, _respondent.Share, _interviewer.Share);

    private VoiceSide? Unheard => _watched < unheardAfter ? null
        : _respondent.Sounding == TimeSpan.Zero && _interviewer.Sounding >= Spoken ? VoiceSide.Respondent
        : _interviewer.Sounding == TimeSpan.Zero && _respondent.Sounding >= Spoken ? VoiceSide.Interviewer
        : null;
}
