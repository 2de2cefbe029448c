namespace Relais.Access;

/// <summary>The words of imports, invitations and the board of arrivals: PeopleTexts.resx and its translations.</summary>
public sealed class PeopleTexts;
