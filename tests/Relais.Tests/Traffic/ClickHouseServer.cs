using System.Globalization;

namespace Relais.Tests.Traffic;

/// <summary>ClickHouse's library behind as much of its HTTP interface as the driver asks for, in a process of its own: it can be killed and started again over its folder.</summary>
internal sealed class ClickHouseServer : IAsyncDisposable
{
    public const string Password = "mot-de-passe";

    private const string User = "relais";
    private static readonly string[] Databases = ["relais", "echantillon", "ancien"];
    private readonly string _folder = Directory.CreateTempSubdirectory("relais-clickhouse-").FullName;
    private readonly int _port = TestProgram.FreePort();
    private TestProgram? _program;

    public string Connection(string database = "relais", string password = Password) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=localhost;Port={_port};Database={database};Username={User};Password={password};Timeout=60");

    public async Task StartAsync()
    {
        var library = (await TestProgram.RunAsync("bash", Path.Combine(RelaisApp.Repository(), "scripts", "clickhouse-library.sh"))).Trim();
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "clickhouse-front.dll"), library, _folder, _port.ToString(CultureInfo.InvariantCulture), User, Password, .. Databases];
        _program = TestProgram.Start("dotnet", arguments);
        await _program.ListensAsync(_port);
    }

    public async Task KillAsync()
    {
        if (_program is not null)
            await _program.DisposeAsync();
        _program = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
