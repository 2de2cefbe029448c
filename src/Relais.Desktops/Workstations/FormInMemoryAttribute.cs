using Microsoft.AspNetCore.Http.Metadata;

namespace Relais.Desktops.Workstations;

/// <summary>Keeps what a page's form sends in memory: by default the server writes larger files to the disk while it reads them.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FormInMemoryAttribute(int longestBytes) : Attribute, IFormOptionsMetadata
{
    // The file, and the same text sent back for the confirmation.
    public int? MemoryBufferThreshold => 2 * longestBytes;

    public long? MultipartBodyLengthLimit => 2 * longestBytes;

    public bool? BufferBody => null;

    public long? BufferBodyLengthLimit => null;

    public int? ValueCountLimit => null;

    public int? KeyLengthLimit => null;

    public int? ValueLengthLimit => null;

    public int? MultipartBoundaryLengthLimit => null;

    public int? MultipartHeadersCountLimit => null;

    public int? MultipartHeadersLengthLimit => null;
}
