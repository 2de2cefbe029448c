using Relais.Telephony.Lines;
using Relais.Telephony.Protocols.Audio;
using Relais.Telephony.Protocols.Rtp;

namespace Relais.Telephony.Respondents;

/// <summary>
/// Somebody, or a machine, at the other end: says a first word, listens, and replies when the caller has ended speaking. Its clock is the voice's own, in frames
/// of 20 ms.
/// </summary>
/// <param name="hangUp">Ends the call from this side.</param>
internal sealed class Respondent(RespondentFate fate, Random chance, (TimeSpan Least, TimeSpan Most) think, Action hangUp)
{
    /// <summary>Above this (root mean square of 16-bit samples, about -38 dB of full scale) a frame is speech; below are noise and breath.</summary>
    private const double SpeechLevel = 400;

    private const int SpokenFrames = 12;
    private const int PauseFrames = 40;
    private const int PatienceFrames = 400;
    private const int MostPrompts = 3;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(20);

    private static readonly string[] Voices = ["fr", "fr+f1", "fr+f2", "fr+f3", "fr+f4", "fr+m1", "fr+m2", "fr+m3", "fr+m4", "fr+m7"];
    private static readonly int[] Paces = [140, 155, 170];
    private static readonly string[] FirstWords = ["Allô ?", "Oui, allô ?", "Allô, oui ?", "Oui, bonjour ?"];

    private static readonly string[] Replies =
    [
        "D’accord, je vous écoute.", "Oui, tout à fait.", "Non, pas vraiment.", "Attendez voir… je dirais le matin, vers sept heures et demie.", "Dans la voiture, en allant au travail.",
        "Je ne sais pas, peut-être une demi-heure.", "Trente-quatre ans.", "La radio ? Oui, tous les jours ou presque.", "Vous pouvez répéter la question ?", "Plutôt d’accord.",
        "À la maison, dans la cuisine.", "Euh… non, hier je ne l’ai pas écoutée.",
    ];

    private readonly Lock _lock = new();
    private readonly Queue<Task<byte[]>> _toSay = new();
    private readonly SpeakingVoice _voice = new(Voices[chance.Next(Voices.Length)], Paces[chance.Next(Paces.Length)]);
    private readonly string[] _replies = [.. Replies.OrderBy(_ => chance.Next())];
    private byte[]? _saying;
    private int _at;
    private int _silence;
    private int _until = -1;
    private Action? _next;
    private int _spoken;
    private int _pause;
    private int _turns;
    private int _prompts;
    private bool _over;

    /// <summary>How often it spoke because the caller had.</summary>
    public int Turns
    {
        get
        {
            lock (_lock)
                return _turns;
        }
    }

    /// <summary>Has the first words made, so that they come without a pause.</summary>
    public Task PrepareAsync() => Speech.SayAsync(_voice, First);

    private string First => fate is RespondentFate.Machine ? "Bonjour. Vous êtes bien sur notre répondeur. Laissez-nous un message après le signal sonore." : FirstWords[_voice.WordsAMinute % FirstWords.Length];

    /// <summary>Takes the seat at a leg, and speaks first.</summary>
    public void Bind(RtpLeg leg)
    {
        lock (_lock)
            After(TimeSpan.FromMilliseconds(300 + chance.Next(700)), Begin);
        leg.Hear = Hear;
        leg.Speak = Speak;
    }

    private void Begin()
    {
        Say(First);
        switch (fate)
        {
            case RespondentFate.Machine:
                _toSay.Enqueue(Task.FromResult(Speech.Tone(1000, TimeSpan.FromSeconds(0.6))));
                After(TimeSpan.FromSeconds(40), End);
                break;
            case RespondentFate.HangUp:
                After(TimeSpan.FromSeconds(1.5), End);
                break;
            default:
                break;
        }
    }

    private void Hear(ReadOnlyMemory<byte> frame)
    {
        lock (_lock)
        {
            // Who speaks does not listen, and who is being waited for is not heard twice.
            if (_over || _saying is not null || _next is not null || fate is RespondentFate.Machine or RespondentFate.HangUp)
                return;
            if (Level(frame.Span) > SpeechLevel)
                (_spoken, _pause, _silence) = (_spoken + 1, 0, 0);
            else if (_spoken > 0 && ++_pause >= PauseFrames)
                Reply();
        }
    }

    private void Reply()
    {
        var meant = _spoken >= SpokenFrames;
        (_spoken, _pause) = (0, 0);
        // A click or a cough is nothing to reply to.
        if (!meant)
            return;
        _prompts = 0;
        After(think.Least + ((think.Most - think.Least) * chance.NextDouble()), fate is RespondentFate.Refusal ? Refuse : () => Say(_replies[_turns++ % _replies.Length]));
    }

    private void Refuse()
    {
        _turns++;
        Say("Ah non merci, ça ne m’intéresse pas. Au revoir.");
        _toSay.Enqueue(Task.FromResult<byte[]>([]));
    }

    private bool Speak(Memory<byte> frame)
    {
        lock (_lock)
        {
            if (_over)
                return false;
            if (_next is { } next && --_until <= 0 && (_saying is null || fate is RespondentFate.Machine or RespondentFate.HangUp))
            {
                _next = null;
                next();
            }

            return Fill(frame);
        }
    }

    private bool Fill(Memory<byte> frame)
    {
        if (_saying is null && _toSay.TryPeek(out var piece) && piece.IsCompleted)
        {
            _ = _toSay.Dequeue();
            (_saying, _at) = (piece.IsCompletedSuccessfully ? piece.Result : [], 0);
            // Nothing more to say: the end of a refusal.
            if (_saying.Length == 0)
            {
                _saying = null;
                End();
                return false;
            }
        }

        if (_saying is null)
        {
            Wait();
            return false;
        }

        var length = Math.Min(JitterBuffer.FrameSamples, _saying.Length - _at);
        frame.Span.Fill(RtpLeg.SilentSample);
        _saying.AsSpan(_at, length).CopyTo(frame.Span);
        _at += length;
        if (_at >= _saying.Length)
            (_saying, _silence) = (null, 0);
        return true;
    }

    // Dead air: somebody who hears nothing asks, and then hangs up.
    private void Wait()
    {
        if (_next is not null || _toSay.Count > 0 || fate is RespondentFate.Machine or RespondentFate.HangUp || ++_silence < PatienceFrames)
            return;
        _silence = 0;
        if (++_prompts > MostPrompts)
            End();
        else
            Say("Allô ? Vous m’entendez ?");
    }

    private void Say(string words) => _toSay.Enqueue(Speech.SayAsync(_voice, words));

    private void After(TimeSpan time, Action next) => (_until, _next) = ((int)(time / Frame), next);

    private void End()
    {
        _over = true;
        hangUp();
    }

    private static double Level(ReadOnlySpan<byte> frame)
    {
        Span<short> samples = stackalloc short[Math.Min(frame.Length, 2 * JitterBuffer.FrameSamples)];
        G711.DecodeALaw(frame[..samples.Length], samples);
        var energy = 0.0;
        foreach (var sample in samples)
            energy += (double)sample * sample;
        return samples.Length == 0 ? 0 : Math.Sqrt(energy / samples.Length);
    }
}
