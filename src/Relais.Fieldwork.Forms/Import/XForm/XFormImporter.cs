using Relais.Fieldwork.Forms.Checks;

namespace Relais.Fieldwork.Forms.Import.XForm;

/// <summary>Makes a questionnaire of an XForm in XML.</summary>
internal static class XFormImporter
{
    public static FormImport Import(string fileName, byte[] file, Func<string, byte[]?> attached, ImportLimits limits) => new(null, [Say.NotAForm()]);
}
