using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace ClickHouseFront;

/// <summary>What ClickHouse says instead of an answer.</summary>
internal sealed class EngineException(string message) : Exception(message);

/// <summary>The engine over a folder. It has one session, which one thread of its own speaks with: what a request sets is taken back after it.</summary>
internal sealed class Engine : IDisposable
{
    // ClickHouse parses and plans by recursion, and looks at how much is left of the stack.
    private const int StackBytes = 64 << 20;

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private readonly IntPtr _connection;

    public Engine(string folder)
    {
        string[] arguments = ["clickhouse", $"--path={folder}"];
        _connection = Library.Connect(arguments.Length, arguments);
        if (_connection == IntPtr.Zero)
            throw new EngineException("The library does not open its folder.");
        _thread = new Thread(() =>
        {
            foreach (var work in _work.GetConsumingEnumerable())
                work();
        }, StackBytes);
        _thread.Start();
    }

    public Task<byte[]> AskAsync(string? database, IReadOnlyList<(string Name, string Value)> settings, ReadOnlyMemory<byte> statement, string format)
    {
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                answer.SetResult(Ask(database, settings, statement.Span, format));
            }
            catch (EngineException e)
            {
                answer.SetException(e);
            }
        });
        return answer.Task;
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        Library.Close(_connection);
        _work.Dispose();
    }

    private byte[] Ask(string? database, IReadOnlyList<(string Name, string Value)> settings, ReadOnlySpan<byte> statement, string format)
    {
        if (database is { Length: > 0 })
            Run($"USE `{database.Replace("`", "", StringComparison.Ordinal)}`");
        var set = 0;
        try
        {
            foreach (var (name, value) in settings)
            {
                Run($"SET {name} = '{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'");
                set++;
            }

            return Run(statement, format);
        }
        finally
        {
            foreach (var (name, _) in settings.Take(set).Where(s => !s.Name.StartsWith("param_", StringComparison.Ordinal)))
                Run($"SET {name} = DEFAULT");
        }
    }

    private void Run(string sql) => Run(Encoding.UTF8.GetBytes(sql), "Null");

    private byte[] Run(ReadOnlySpan<byte> sql, string format)
    {
        var name = Encoding.ASCII.GetBytes(format);
        var result = Library.Query(Marshal.ReadIntPtr(_connection), sql, (nuint)sql.Length, name, (nuint)name.Length);
        try
        {
            if (Library.Error(result) is var error && error != IntPtr.Zero && Marshal.PtrToStringUTF8(error) is { Length: > 0 } said)
                throw new EngineException(said);
            var bytes = new byte[(int)Library.Length(result)];
            if (bytes.Length > 0)
                Marshal.Copy(Library.Buffer(result), bytes, 0, bytes.Length);
            return bytes;
        }
        finally
        {
            Library.Free(result);
        }
    }
}
