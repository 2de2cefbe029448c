using System.Globalization;
using DuckDB.NET.Data;

namespace Relais.Traffic.History;

/// <summary>DuckDB in this process, in memory: it reads and writes the history's files, and fetches nothing from anywhere.</summary>
internal sealed class Duck : IDisposable
{
    // What is held back from the rest of the server.
    private const string Settings = "SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET memory_limit = '1GB'; SET preserve_insertion_order = false;";
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public Duck(int? threads = null)
    {
        _connection.Open();
        Run(Settings);
        if (threads is { } count)
            Run(string.Create(CultureInfo.InvariantCulture, $"SET threads = {count}"));
    }

    /// <summary>A text as SQL writes it.</summary>
    public static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Text))}]";

    public DuckDBAppender Appender(string table) => _connection.CreateAppender(table);

    public void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Each(string sql, Action<DuckDBDataReader> row, CancellationToken cancel = default)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var stop = cancel.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            row(reader);
        cancel.ThrowIfCancellationRequested();
    }

    public void Dispose() => _connection.Dispose();
}
