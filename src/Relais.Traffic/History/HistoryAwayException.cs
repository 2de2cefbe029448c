namespace Relais.Traffic.History;

/// <summary>The history cannot be reached or does not take what it is given; its message is for the operator. It may be there again later.</summary>
internal sealed class HistoryAwayException(string message, Exception? inner = null) : IOException(message, inner);
