namespace GrainKube.Linearizability.Tests.History;

/// <summary>One event of a watch, or one change of the store.</summary>
/// <param name="Type"><c>ADDED</c>, <c>MODIFIED</c> or <c>DELETED</c>.</param>
/// <param name="Key">The object.</param>
/// <param name="Value">Its value; of a deletion, its last.</param>
/// <param name="Revision">Of the change.</param>
internal readonly record struct WatchEvent(string Type, string Key, string Value, long Revision);
