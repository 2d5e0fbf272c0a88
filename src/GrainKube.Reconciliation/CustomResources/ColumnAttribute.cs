namespace GrainKube.Reconciliation.CustomResources;

/// <summary>Shows this member of spec or status as a column of <c>kubectl get</c>. Only text, numbers, times and truth values can be shown.</summary>
/// <param name="name">The column's head, for example <c>Replicas</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ColumnAttribute(string name) : Attribute
{
    /// <inheritdoc cref="ColumnAttribute(string)" path="/param[@name='name']"/>
    public string Name { get; } = name;

    /// <summary>Only with <c>-o wide</c>.</summary>
    public bool IsWide { get; init; }
}
