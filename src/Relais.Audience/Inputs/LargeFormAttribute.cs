using Microsoft.AspNetCore.Http.Metadata;

namespace Relais.Audience.Inputs;

/// <summary>Lets a page's form send a survey file. The server keeps it on disk while it reads, not in memory.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class LargeFormAttribute : Attribute, IFormOptionsMetadata, IRequestSizeLimitMetadata
{
    /// <summary>Larger ones are for the command line, or for several waves.</summary>
    public const long LongestBytes = 512L << 20;

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
