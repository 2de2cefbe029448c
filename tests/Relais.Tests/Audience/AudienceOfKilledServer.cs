using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Relais.Audience.Samples;
using Relais.Tests.Desktops;

namespace Relais.Tests.Audience;

/// <summary>A server as a process of its own with the sample study, and a researcher who is signed in.</summary>
public sealed class AudienceServer : IAsyncLifetime
{
    internal ServerProcess Server { get; private set; } = null!;

    internal Browser Researcher { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await ServerProcess.CreateAsync();
        await Server.StartAsync();
        Researcher = await Server.EnterAsync("chercheur1");
        await Server.SayAsync("demo audience");
    }

    public async ValueTask DisposeAsync()
    {
        Researcher.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>The server as a process of its own, ended by kill -9 in the midst of writing a run's results or a file of interviews.</summary>
public sealed class AudienceOfKilledServer(AudienceServer process) : IClassFixture<AudienceServer>
{
    private const string Figures = "audience.figure";
    private const string Chunks = "audience.input_chunk";

    private readonly ServerProcess _server = process.Server;
    private readonly Browser _researcher = process.Researcher;

    [Fact]
    public async Task A_run_whose_server_is_killed_while_it_writes_is_computed_again_to_the_same_bytes()
    {
        var (first, run) = await KillWhileWritingAsync();
        Assert.Equal("Running", await OfRunAsync(run, "State"));
        Assert.Equal(0L, await RowsOfAsync(run, "figure"));
        Assert.Equal(0L, await RowsOfAsync(run, "run_weights"));

        await _server.StartAsync();
        await DesktopsApp.UntilAsync(async () => await OfRunAsync(run, "State") is "Done");
        Assert.Equal(2, await OfRunAsync(run, "Attempt"));
        Assert.Equal(await OfRunAsync(first, "ResultSha256"), await OfRunAsync(run, "ResultSha256"));
        foreach (var table in new[] { "figure", "curve", "run_weights" })
            Assert.Equal(await RowsOfAsync(first, table), await RowsOfAsync(run, table));
    }

    [Fact]
    public async Task A_run_that_takes_its_server_down_each_time_is_marked_instead_of_tried_for_ever()
    {
        var (_, run) = await KillWhileWritingAsync();
        for (var attempt = 2; attempt <= 3; attempt++)
        {
            await using (await _server.HoldWritesAsync(Figures))
            {
                await _server.StartAsync();
                await _server.UntilHeldAsync(Figures);
                _server.Kill();
            }
        }

        await _server.StartAsync();
        await DesktopsApp.UntilAsync(async () => await OfRunAsync(run, "State") is "Failed");
        Assert.Contains("interrupted", (string)(await OfRunAsync(run, "Faults"))!, StringComparison.Ordinal);
        Assert.Equal(0L, await RowsOfAsync(run, "figure"));
        Assert.Contains("3", (await _researcher.GetAsync($"/audience/runs/{run}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_whose_server_is_killed_while_it_is_kept_is_not_there_and_can_be_sent_again()
    {
        var wave = await AddWaveAsync();
        var (respondents, _) = SampleDiaries.Make(5, 1, 5000);
        var inputs = await _server.ScalarAsync("SELECT count(*) FROM audience.input");
        var chunks = await _server.ScalarAsync($"SELECT count(*) FROM {Chunks}");
        await using (await _server.HoldWritesAsync(Chunks))
        {
            var sending = SendAsync(wave, respondents);
            await _server.UntilHeldAsync(Chunks);
            _server.Kill();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => sending);
        }

        Assert.NotEmpty(UploadsLeft());
        await _server.StartAsync();
        Assert.Empty(UploadsLeft());
        Assert.Equal(inputs, await _server.ScalarAsync("SELECT count(*) FROM audience.input"));
        Assert.Equal(chunks, await _server.ScalarAsync($"SELECT count(*) FROM {Chunks}"));
        Assert.Equal(0L, await _server.ScalarAsync($"SELECT count(*) FROM kernel.audit_line WHERE action = 'wave.file-imported' AND subject LIKE '%{wave}%'"));

        Assert.Equal(HttpStatusCode.Found, (await SendAsync(wave, respondents)).StatusCode);
        Assert.Equal(5000L, await _server.ScalarAsync($"""SELECT "Rows" FROM audience.input WHERE "WaveId" = '{wave}'"""));
        // It goes when the answer has gone out.
        await DesktopsApp.UntilAsync(() => Task.FromResult(UploadsLeft().Length == 0));
    }

    private string[] UploadsLeft() => Directory.GetFiles(Path.Combine(_server.Folder, "uploads"));

    // A first run of the sample study again, whose server is killed when the results are about to be written.
    private async Task<(Guid First, Guid Run)> KillWhileWritingAsync()
    {
        var first = (Guid)(await _server.ScalarAsync("""SELECT "Id" FROM audience.run ORDER BY "RequestedAt" LIMIT 1"""))!;
        await using var hold = await _server.HoldWritesAsync(Figures);
        using var answer = await _researcher.PostJsonAsync($"/api/audience/runs/{first}/again", null);
        var run = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run").GetGuid();
        await _server.UntilHeldAsync(Figures);
        _server.Kill();
        return (first, run);
    }

    private async Task<Guid> AddWaveAsync()
    {
        var form = await _researcher.GetAsync("/audience/waves/new");
        var (study, universe) = (await _server.ScalarAsync("""SELECT "Id" FROM audience.study"""), await _server.ScalarAsync("""SELECT "Id" FROM audience.universe"""));
        var page = await _researcher.SubmitAsync(form, "wave", ("StudyId", $"{study}"), ("UniverseId", $"{universe}"), ("Name", "Vague du serveur tué"), ("From", "2026-11-01"), ("Until", "2026-11-30"));
        Assert.True(page.Path != "/audience/waves/new", page.Text);
        return Guid.Parse(page.Path.Split('/')[^1]);
    }

    private async Task<HttpResponseMessage> SendAsync(Guid wave, byte[] file)
    {
        var page = await _researcher.GetAsync($"/audience/waves/{wave}/import/Respondents");
        var (action, values) = page.Fill("import", []);
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in values.Where(v => v.Key != "File"))
            form.Add(new StringContent(value, Encoding.UTF8), name);
        form.Add(new ByteArrayContent(file), "File", "repondants.csv");
        return await _researcher.Client.PostAsync(action, form);
    }

    private Task<object?> OfRunAsync(Guid run, string column) => _server.ScalarAsync($"""SELECT "{column}" FROM audience.run WHERE "Id" = '{run}'""");

    private Task<object?> RowsOfAsync(Guid run, string table) => _server.ScalarAsync($"""SELECT count(*) FROM audience.{table} WHERE "RunId" = '{run}'""");
}
