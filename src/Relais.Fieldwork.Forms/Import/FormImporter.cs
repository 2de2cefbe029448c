using Relais.Fieldwork.Forms.Import.XlsForm;

namespace Relais.Fieldwork.Forms.Import;

/// <summary>Makes a questionnaire of a file: an XLSForm workbook (.xlsx or .xls) or an XForm in XML, told apart by their first bytes.</summary>
public static class FormImporter
{
    /// <summary>Reads a file. Never throws on bytes: what is wrong is in the findings, in French and English.</summary>
    /// <param name="fileName">Gives the id and title of a form that names none.</param>
    /// <param name="file">The whole file.</param>
    /// <param name="attached">The bytes of a file that the form names (<c>communes.csv</c>), or null when there is none; by default there are none.</param>
    /// <param name="limits">How much is read before the file is refused.</param>
    public static Checks.FormImport Import(string fileName, byte[] file, Func<string, byte[]?>? attached = null, ImportLimits? limits = null)
    {
        limits ??= ImportLimits.Default;
        attached ??= static _ => null;
        return file.AsSpan() is [(byte)'P', (byte)'K', ..] or [0xD0, 0xCF, ..]
            ? XlsFormImporter.Import(fileName, file, attached, limits)
            : XForm.XFormImporter.Import(fileName, file, attached, limits);
    }
}
