namespace Relais.Audience.Numerics.Radio;

/// <summary>
/// Who listened to what, when: for each respondent the stations that he or she heard, in order of station, and the quarter hours of each as bits.
/// It is canonical: the same listening gives the same arrays, in whatever order its rows came and however often one was repeated.
/// </summary>
/// <remarks>About 20 bytes for each station that a respondent heard; respondents who heard nothing take 4 bytes. Immutable.</remarks>
public sealed class Listening
{
    private readonly int[] _first;
    private readonly int[] _station;
    private readonly QuarterHours[] _heard;

    internal Listening(BroadcastDay day, int stations, int[] first, int[] station, QuarterHours[] heard) =>
        (Day, Stations, _first, _station, _heard) = (day, stations, first, station, heard);

    public BroadcastDay Day { get; }

    /// <summary>How many respondents there are, with those who heard nothing.</summary>
    public int Respondents => _first.Length - 1;

    /// <summary>How many stations there are, with those that nobody heard.</summary>
    public int Stations { get; }

    /// <summary>How many pairs of a respondent and a station heard there are.</summary>
    public int Pairs => _station.Length;

    /// <summary>The stations that a respondent heard, by number, ascending.</summary>
    public ReadOnlySpan<int> StationsOf(int respondent) => _station.AsSpan(_first[respondent].._first[respondent + 1]);

    /// <summary>The quarter hours of each of <see cref="StationsOf"/>, never empty.</summary>
    public ReadOnlySpan<QuarterHours> HeardBy(int respondent) => _heard.AsSpan(_first[respondent].._first[respondent + 1]);
}
