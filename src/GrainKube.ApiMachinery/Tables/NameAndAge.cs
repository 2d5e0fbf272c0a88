using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiMachinery.Tables;

/// <summary>The columns of a kind that says nothing else: Name and Age.</summary>
public sealed class NameAndAge : IColumns
{
    public static readonly TableColumn Name = new(
        "Name", "string", "Name must be unique within a namespace. Is required when creating resources.", Format: "name");

    public static readonly TableColumn CreatedAt = new("Age", "string", "Time since the object was created.");

    // Last of the static fields: its own fields are made from those above.
    public static readonly NameAndAge Instance = new();

    public IReadOnlyList<TableColumn> Columns { get; } = [Name, CreatedAt];

    public IReadOnlyList<object?> Cells(KubeObject item, DateTimeOffset now) => [item.Header.Name, Age.Of(item.Header.CreationTimestamp, now)];
}
