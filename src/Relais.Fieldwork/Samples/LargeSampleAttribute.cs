using Microsoft.AspNetCore.Http.Metadata;

namespace Relais.Fieldwork.Samples;

/// <summary>Lets a page's form send a sample of a million cases. The server keeps it on disk while it reads, not in memory.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class LargeSampleAttribute : Attribute, IFormOptionsMetadata, IRequestSizeLimitMetadata
{
    private const long LongestBytes = 1L << 30;

    public long? MaxRequestBodySize => LongestBytes;

    public long? MultipartBodyLengthLimit => LongestBytes;

    public bool? BufferBody => null;

    public int? MemoryBufferThreshold => null;

    public long? BufferBodyLengthLimit => null;

    public int? ValueCountLimit => null;

    public int? KeyLengthLimit => null;

    public int? ValueLengthLimit => null;

    public int? MultipartBoundaryLengthLimit => null;

    public int? MultipartHeadersCountLimit => null;

    public int? MultipartHeadersLengthLimit => null;
}
