namespace GrainKube.ApiServer.Tables;

/// <summary>What each row of a table carries of its object (<c>includeObject</c>).</summary>
internal enum IncludeObject
{
    Metadata,
    Object,
    None,
}
