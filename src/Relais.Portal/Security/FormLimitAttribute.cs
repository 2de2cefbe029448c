using Microsoft.AspNetCore.Http.Metadata;

namespace Relais.Portal.Security;

/// <summary>Says how much the form of a page may send, and where the server keeps a file while it reads it.</summary>
/// <param name="longestBytes">Of the whole form.</param>
/// <param name="inMemory">Never on the disk, where the server keeps larger files by default.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FormLimitAttribute(long longestBytes, bool inMemory = false) : Attribute, IFormOptionsMetadata, IRequestSizeLimitMetadata
{
    // What Kestrel lets any request send: a small form is not cut off in its midst, but told that it is too long.
    private const long UsualBytes = 30_000_000;

    public long? MaxRequestBodySize => Math.Max(longestBytes, UsualBytes);

    public long? MultipartBodyLengthLimit => longestBytes;

    public int? MemoryBufferThreshold => inMemory ? checked((int)longestBytes) : null;

    public bool? BufferBody => null;

    public long? BufferBodyLengthLimit => null;

    public int? ValueCountLimit => null;

    public int? KeyLengthLimit => null;

    public int? ValueLengthLimit => null;

    public int? MultipartBoundaryLengthLimit => null;

    public int? MultipartHeadersCountLimit => null;

    public int? MultipartHeadersLengthLimit => null;
}
