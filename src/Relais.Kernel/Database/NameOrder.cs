namespace Relais.Kernel.Database;

/// <summary>
/// How the database sorts names that people read: Unicode's own order, in which "Élise" stands with the E and capitals do not count, whatever
/// collation the database was created with. PostgreSQL has it when it is built with ICU, as Debian's is.
/// </summary>
public static class NameOrder
{
    public const string Collation = "und-x-icu";
}
