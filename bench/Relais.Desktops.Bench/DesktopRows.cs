using Npgsql;

namespace Relais.Desktops.Bench;

/// <summary>Asks for a state of somebody's desktop as an administrator would, and waits until it is so.</summary>
internal sealed class DesktopRows(string connection, string user) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private const string Want = """
        UPDATE desktops.desktop d SET "Wanted" = @state FROM access.person p WHERE p.id = d."PersonId" AND p.user_name = @user
        """;

    private const string State = """
        SELECT d."State" FROM desktops.desktop d JOIN access.person p ON p.id = d."PersonId" WHERE p.user_name = @user
        """;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connection);

    public async Task BringToAsync(string state)
    {
        await using (var want = _source.CreateCommand(Want))
        {
            want.Parameters.AddWithValue("state", state);
            want.Parameters.AddWithValue("user", user);
            if (await want.ExecuteNonQueryAsync() != 1)
                throw new InvalidOperationException($"{user} has no desktop.");
        }

        await using (var tell = _source.CreateCommand("NOTIFY relais_desktops"))
            await tell.ExecuteNonQueryAsync();
        using var late = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (await StateAsync() != state)
            await timer.WaitForNextTickAsync(late.Token);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<string?> StateAsync()
    {
        await using var command = _source.CreateCommand(State);
        command.Parameters.AddWithValue("user", user);
        return (string?)await command.ExecuteScalarAsync();
    }
}
