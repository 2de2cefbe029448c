using Microsoft.AspNetCore.DataProtection;
using Relais.Gateway.Contracts;
using Relais.Gateway.Recordings;
using Relais.Recordings;

namespace Relais.Tests.Gateway.Recordings;

/// <summary>What writes a recording, on disks that do not always take it.</summary>
public sealed class SessionRecorderTests : IDisposable
{
    private static readonly RecordingOptions Options = new() { BufferBytes = 256 * 1024, Patience = TimeSpan.FromMilliseconds(200) };
    private static readonly IDataProtectionProvider Keys = new EphemeralDataProtectionProvider();

    private readonly string _folder = Directory.CreateTempSubdirectory("relais-recorder-").FullName;
    private int _failures;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_recorded_is_read_again(bool encrypt)
    {
        var (path, recorder) = await BeginAsync(_folder, encrypt);
        await recorder.RecordAsync(RecordingChunkKind.Size, new byte[] { 0, 80, 0, 24 }, CancellationToken.None);
        var large = new byte[600_000];
        Array.Fill(large, (byte)'x');
        await recorder.RecordAsync(RecordingChunkKind.Shown, large, CancellationToken.None);
        await recorder.FinishAsync();

        Assert.Equal(new FileInfo(path).Length, recorder.LengthBytes);
        Assert.Equal(encrypt, !File.ReadAllText(path).Contains("xxxxxxxxxxxxxxxx", StringComparison.Ordinal));
        await using var file = await RecordingFile.OpenAsync(path, RecordingFacts.Protector(Keys), CancellationToken.None);
        Assert.NotNull(file);
        var (kinds, shown) = (new List<RecordingChunkKind>(), 0);
        while (await file.NextAsync(CancellationToken.None) is var (kind, _, payload))
        {
            kinds.Add(kind);
            shown += kind == RecordingChunkKind.Shown ? payload.Length : 0;
        }

        Assert.Equal((RecordingChunkKind.Size, RecordingChunkKind.End, large.Length), (kinds[0], kinds[^1], shown));
        Assert.True(file.IsWhole);
        Assert.Equal(0, _failures);
    }

    [Fact]
    public async Task A_full_disk_fails_it_and_leaves_what_fitted()
    {
        await using var disk = await SmallDisk.MountAsync(64);
        var (path, recorder) = await BeginAsync(disk.Path, encrypt: true);
        var refused = await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (true)
                await recorder.RecordAsync(RecordingChunkKind.Shown, new byte[1000], CancellationToken.None);
        });
        Assert.Contains("must be recorded", refused.Message, StringComparison.Ordinal);
        await recorder.FinishAsync();
        Assert.Equal((RecordingObstacle.DiskFull, 1), (recorder.Obstacle, _failures));

        await using var file = await RecordingFile.OpenAsync(path, RecordingFacts.Protector(Keys), CancellationToken.None);
        Assert.NotNull(file);
        var chunks = 0;
        while (await file.NextAsync(CancellationToken.None) is not null)
            chunks++;
        Assert.True(chunks > 10, $"{chunks} chunks");
        Assert.False(file.IsWhole);
    }

    [Fact]
    public async Task A_disk_that_stands_still_holds_a_session_up_no_longer_than_its_patience()
    {
        // A pipe that nobody reads takes 64 KiB and then nothing.
        var path = Path.Combine(_folder, "still");
        await TestProgram.RunAsync("mkfifo", path);
        await using var reader = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var pipe = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        var recorder = new SessionRecorder(pipe, 0, null, Options, mandatory: true, TimeProvider.System, () => _failures++);
        var taken = 0;
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (true)
            {
                await recorder.RecordAsync(RecordingChunkKind.Shown, new byte[10_000], CancellationToken.None);
                taken += 10_000;
            }
        });
        Assert.Equal((RecordingObstacle.DiskSlow, 1), (recorder.Obstacle, _failures));
        Assert.InRange(taken, 64 * 1024, Options.BufferBytes + 64 * 1024 + 20_000);
        // Lets its thread go.
        await reader.ReadExactlyAsync(new byte[64 * 1024]);
    }

    private async Task<(string Path, SessionRecorder Recorder)> BeginAsync(string folder, bool encrypt)
    {
        var path = Path.Combine(folder, "session.rlr");
        var key = encrypt ? new byte[RecordingSeal.KeyLength] : null;
        var facts = new RecordingFacts(
            Guid.NewGuid(), Guid.NewGuid(), 1, Guid.NewGuid(), "workstation", Guid.NewGuid(), "poste", "ssh", DateTimeOffset.UnixEpoch,
            Clipboard: false, key is null ? null : Convert.ToBase64String(RecordingFacts.Protector(Keys).Protect(key)));
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0);
        await file.WriteAsync(facts.Header().Write());
        var seal = key is null ? null : new RecordingSeal(key);
        return (path, new SessionRecorder(file, facts.Header().Length, seal, Options, mandatory: true, TimeProvider.System, () => Interlocked.Increment(ref _failures)));
    }
}
