namespace Relais.Telephony.Pacing.Simulation;

/// <summary>Counts what happens in a simulation, apart from what pacings count.</summary>
internal sealed class SimulationTally(PacedStudy study)
{
    private const double Day = 86_400;
    private const int Slot = 600;

    private readonly List<double> _waits = [];
    private readonly Queue<(double At, bool Abandoned)> _day = new();
    private readonly (double Talk, double Shift, int Answered, int Abandoned)[] _course = new (double, double, int, int)[(int)Math.Ceiling(study.ShiftHours * 3600 / Slot)];
    private int _placed;
    private int _answered;
    private int _abandoned;
    private int _abandonedRolling;
    private (int Day, int Answered, int Abandoned) _today = (-1, 0, 0);
    private double _worstDay;
    private double _worstRolling;
    private int _mostLines;

    public void Placed(int lines)
    {
        _placed++;
        _mostLines = Math.Max(_mostLines, lines);
    }

    public void Waited(double seconds) => _waits.Add(seconds);

    /// <summary>A call was answered, and found an interviewer or not.</summary>
    public void Settled(double at, double opened, bool abandoned)
    {
        _answered++;
        _day.Enqueue((at, abandoned));
        while (_day.Peek() is var (oldest, was) && oldest < at - Day)
        {
            _day.Dequeue();
            if (was)
                _abandonedRolling--;
        }

        var day = (int)(at / Day);
        if (day != _today.Day)
            _today = (day, 0, 0);
        _today.Answered++;
        var slot = Math.Clamp((int)((at - opened) / Slot), 0, _course.Length - 1);
        _course[slot].Answered++;
        if (!abandoned)
            return;
        _abandoned++;
        _abandonedRolling++;
        _today.Abandoned++;
        _course[slot].Abandoned++;
        _worstDay = Math.Max(_worstDay, (double)_today.Abandoned / _today.Answered);
        _worstRolling = Math.Max(_worstRolling, (double)_abandonedRolling / _day.Count);
    }

    /// <summary>An interviewer was on shift, and in conversation or not, for some time.</summary>
    public void Spent(double from, double to, double opened, bool talking)
    {
        for (var at = Math.Max(0, from - opened); at < to - opened;)
        {
            var slot = (int)(at / Slot);
            if (slot >= _course.Length)
                return;
            var until = Math.Min(Math.Min(to - opened, (slot + 1) * (double)Slot), study.ShiftHours * 3600);
            if (until <= at)
                return;
            _course[slot].Shift += until - at;
            if (talking)
                _course[slot].Talk += until - at;
            at = until;
        }
    }

    public SimulationResult Result()
    {
        _waits.Sort();
        var shift = _course.Sum(c => c.Shift);
        return new SimulationResult(
            shift > 0 ? _course.Sum(c => c.Talk) / shift : 0, Share(_abandoned, _answered), _worstDay, _worstRolling, _placed, _answered, _abandoned,
            _waits.Count > 0 ? _waits.Average() : 0, _waits.Count > 0 ? _waits[(int)((_waits.Count - 1) * 0.9)] : 0, _mostLines,
            [.. _course.Select((c, i) => new SimulationResult.Moment(i * Slot / 60, c.Shift > 0 ? c.Talk / c.Shift : 0, Share(c.Abandoned, c.Answered)))]);
    }

    private static double Share(int part, int all) => all > 0 ? (double)part / all : 0;
}
