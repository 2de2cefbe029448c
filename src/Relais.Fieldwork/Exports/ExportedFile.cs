using Microsoft.AspNetCore.Http;

namespace Relais.Fieldwork.Exports;

/// <summary>A download that is written to a temporary file first: whoever gets an answer gets a whole one.</summary>
internal sealed class ExportedFile(Func<Stream, Task> write, string mediaType, string name) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        await write(file);
        file.Position = 0;
        httpContext.Response.ContentType = mediaType;
        httpContext.Response.ContentLength = file.Length;
        httpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        httpContext.Response.Headers.CacheControl = "no-store";
        await file.CopyToAsync(httpContext.Response.Body, httpContext.RequestAborted);
    }
}
