namespace Relais.Telephony.Pacing.Simulation;

/// <summary>
/// A study on the telephone by discrete events: interviewers who come, pause and go, calls that ring, are answered or not, wait for an interviewer, are spoken and
/// noted. The same seed gives the same calls and the same people to every pacing.
/// </summary>
internal sealed class StudySimulation
{
    private const double Day = 86_400;
    private const double Opens = 17 * 3600;
    private const double LookEvery = 1;

    private readonly PacedStudy _study;
    private readonly DialMode _mode;
    private readonly IPacing _pacing;
    private readonly ulong _seed;
    private readonly PriorityQueue<Action, (double At, long Order)> _agenda = new();
    private readonly List<Interviewer> _interviewers = [];
    private readonly Queue<Interviewer> _ready = new();
    private readonly List<Ringing> _ringing = [];
    private readonly Queue<Held> _held = new();
    private readonly PacingView _view = new();
    private readonly AbandonmentLedger _ledger;
    private readonly SimulationTally _tally;
    private double _now;
    private double _opened;
    private double _closes;
    private long _order;
    private int _calls;
    private int _talking;

    private enum Doing
    {
        Away,
        Ready,
        Busy,
        Talking,
        Noting,
    }

    private sealed class Interviewer
    {
        public required Chance Chance;
        public Doing Doing;
        public double Since;

        /// <summary>Since when they wait for somebody to speak to, in preview through all calls that nobody answered.</summary>
        public double Waits;

        public double PausesAt;
    }

    private sealed record Ringing(double Since, Destiny Destiny, Interviewer? For);

    private sealed class Held
    {
        public required Destiny Destiny { get; init; }

        public bool Settled { get; set; }
    }

    private StudySimulation(PacedStudy study, DialMode mode, IPacing pacing, ulong seed)
    {
        (_study, _mode, _pacing, _seed) = (study, mode, pacing, seed);
        _ledger = new AbandonmentLedger(study.Limit);
        _tally = new SimulationTally(study);
    }

    /// <summary>Runs a study with a way of calling of ours.</summary>
    public static SimulationResult Run(PacedStudy study, DialMode mode, ulong seed) =>
        Run(study, mode, mode is DialMode.Predictive ? new GuardedPacing(new Predictive()) : new Progressive(), seed);

    /// <summary>Runs a study with any pacing.</summary>
    public static SimulationResult Run(PacedStudy study, DialMode mode, IPacing pacing, ulong seed) => new StudySimulation(study, mode, pacing, seed).Run();

    private SimulationResult Run()
    {
        for (var i = 0; i < _study.Interviewers; i++)
            _interviewers.Add(new Interviewer { Chance = new Chance(_seed, 2, (ulong)i) });
        for (var day = 0; day < _study.Days; day++)
        {
            _opened = (day * Day) + Opens;
            _closes = _opened + (_study.ShiftHours * 3600);
            _ready.Clear();
            foreach (var interviewer in _interviewers)
                Arrive(interviewer);
            At(_opened, Look);
            while (_agenda.TryDequeue(out var next, out var when))
            {
                _now = when.At;
                next();
                // At each change, not only at each look.
                if (_mode is not DialMode.Preview)
                    Dial();
            }
        }

        return _tally.Result();
    }

    private bool Closed => _now >= _closes;

    // Calls that would be answered when everybody has gone are not placed.
    private bool Closing => _now >= _closes - _study.RingFor - Predictive.Grace;

    private void At(double at, Action then) => _agenda.Enqueue(then, (at, _order++));

    private void Look()
    {
        if (!Closed)
            At(_now + LookEvery, Look);
    }

    private void Arrive(Interviewer interviewer)
    {
        (interviewer.Doing, interviewer.Since) = (Doing.Away, _opened);
        // People come within two minutes.
        var comes = _opened + (interviewer.Chance.Uniform() * 120);
        interviewer.PausesAt = _study.PauseAfter.Mean > 0 ? comes + (_study.PauseAfter.Draw(ref interviewer.Chance) * interviewer.Chance.Uniform()) : double.MaxValue;
        At(comes, () => Free(interviewer));
    }

    private void Become(Interviewer interviewer, Doing doing)
    {
        if (interviewer.Doing is not Doing.Away)
            _tally.Spent(interviewer.Since, _now, _opened, interviewer.Doing is Doing.Talking);
        if (interviewer.Doing is Doing.Talking)
            _talking--;
        if (doing is Doing.Talking)
            _talking++;
        (interviewer.Doing, interviewer.Since) = (doing, _now);
    }

    // Between two conversations: home, to the pause, or on.
    private void Free(Interviewer interviewer)
    {
        interviewer.Waits = _now;
        Next(interviewer);
    }

    private void Next(Interviewer interviewer)
    {
        if (Closed)
        {
            Become(interviewer, Doing.Away);
        }
        else if (_now >= interviewer.PausesAt)
        {
            Become(interviewer, Doing.Away);
            var back = _now + _study.Pause.Draw(ref interviewer.Chance);
            interviewer.PausesAt = back + _study.PauseAfter.Draw(ref interviewer.Chance);
            At(back, () => Free(interviewer));
        }
        else if (_mode is DialMode.Preview)
        {
            Become(interviewer, Doing.Busy);
            At(_now + _study.Read.Draw(ref interviewer.Chance), () => CallFor(interviewer));
        }
        else
        {
            Become(interviewer, Doing.Ready);
            _ready.Enqueue(interviewer);
            if (TakeHeld() is { } held)
                Connect(held.Destiny);
            else
                At(_closes, () => LeaveAtClose(interviewer));
        }
    }

    private void LeaveAtClose(Interviewer interviewer)
    {
        if (interviewer.Doing is Doing.Ready)
            Become(interviewer, Doing.Away);
    }

    private void CallFor(Interviewer interviewer)
    {
        if (Closing)
            Become(interviewer, Doing.Away);
        else
            Call(interviewer);
    }

    private void Dial()
    {
        if (Closing)
            return;
        See();
        for (var more = _pacing.Place(_view); more > 0; more--)
            Call(null);
    }

    private void Call(Interviewer? interviewer)
    {
        var call = new Ringing(_now, _study.DestinyOf(_seed, _calls++, (_now - _opened) / (_closes - _opened)), interviewer);
        _ringing.Add(call);
        _tally.Placed(_ringing.Count + _held.Count + _talking);
        At(_now + call.Destiny.Rings, () => RingEnds(call));
    }

    private void RingEnds(Ringing call)
    {
        _ringing.Remove(call);
        var rang = _now - call.Since;
        _pacing.Learn(call.Destiny.Answered ? new PacingNews.Answered(rang) : new PacingNews.Unanswered(rang));
        if (call.For is { } interviewer)
        {
            if (call.Destiny.Answered)
                Talk(interviewer, call.Destiny);
            else
                Next(interviewer);
        }
        else if (call.Destiny.Answered)
        {
            Answer(call.Destiny);
        }
    }

    private void Answer(Destiny destiny)
    {
        if (_ready.Count > 0 && !Closed)
        {
            Connect(destiny);
            return;
        }

        var held = new Held { Destiny = destiny };
        _held.Enqueue(held);
        At(_now + Predictive.Grace, () =>
        {
            if (held.Settled)
                return;
            held.Settled = true;
            Settle(abandoned: true);
        });
    }

    private Held? TakeHeld()
    {
        while (_held.TryDequeue(out var held))
        {
            if (held.Settled)
                continue;
            held.Settled = true;
            return held;
        }

        return null;
    }

    private void Connect(Destiny destiny)
    {
        Talk(_ready.Dequeue(), destiny);
    }

    private void Talk(Interviewer interviewer, Destiny destiny)
    {
        Settle(abandoned: false);
        _tally.Waited(_now - interviewer.Waits);
        Become(interviewer, Doing.Talking);
        At(_now + destiny.Talks, () =>
        {
            Become(interviewer, Doing.Noting);
            _pacing.Learn(new PacingNews.Talked(destiny.Talks));
            At(_now + destiny.Notes, () =>
            {
                _pacing.Learn(new PacingNews.Noted(destiny.Notes));
                Free(interviewer);
            });
        });
    }

    private void Settle(bool abandoned)
    {
        _tally.Settled(_now, _opened, abandoned);
        _ledger.Add((long)(_now / 60), 1, abandoned ? 1 : 0);
    }

    private void See()
    {
        _view.Now = _now;
        _view.Ready = _ready.Count;
        _view.Held = _held.Count(h => !h.Settled);
        _view.Ringing.Clear();
        _view.Ringing.AddRange(_ringing.Select(r => r.Since));
        _view.Talking.Clear();
        _view.Noting.Clear();
        foreach (var interviewer in _interviewers)
        {
            if (interviewer.Doing is Doing.Talking)
                _view.Talking.Add(interviewer.Since);
            else if (interviewer.Doing is Doing.Noting)
                _view.Noting.Add(interviewer.Since);
        }

        var day = (long)(_now / Day) * 1440;
        _view.Counted = _ledger.At((long)(_now / 60), day, day + 1440);
    }
}
