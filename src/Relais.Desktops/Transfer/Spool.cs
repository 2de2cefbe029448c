using System.Security.Cryptography;

namespace Relais.Desktops.Transfer;

/// <summary>
/// A file on its way, whole, before anything is decided: what was looked at is what is carried. It has no name any more from its first moment
/// on, so that nothing of it stays whatever happens.
/// </summary>
internal sealed class Spool : IAsyncDisposable
{
    private const int Chunk = 128 * 1024;

    private Spool(FileStream content) => Content = content;

    public FileStream Content { get; }

    public static Spool New()
    {
        var path = Path.Combine(Path.GetTempPath(), $"relais-{Guid.NewGuid():N}");
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        File.Delete(path);
        return new Spool(file);
    }

    /// <summary>Takes a stream in; false when it is longer than the limit.</summary>
    public async Task<bool> FillAsync(Stream from, long most, CancellationToken cancel)
    {
        var buffer = new byte[Chunk];
        int read;
        while ((read = await from.ReadAsync(buffer, cancel)) > 0)
        {
            if (Content.Length + read > most)
                return false;
            await Content.WriteAsync(buffer.AsMemory(0, read), cancel);
        }

        await Content.FlushAsync(cancel);
        return true;
    }

    /// <summary>SHA-256 of the whole, in lower case.</summary>
    public async Task<string> HashAsync(CancellationToken cancel)
    {
        Content.Position = 0;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(Content, cancel));
    }

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
