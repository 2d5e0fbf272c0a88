namespace GrainKube.ApiMachinery.Tables;

/// <summary>A column of <c>kubectl get</c>.</summary>
/// <param name="Name">Heading, for example <c>Ready</c>.</param>
/// <param name="Type">OpenAPI type: <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c> or <c>date</c>.</param>
/// <param name="Description">Shown by clients that ask for it.</param>
/// <param name="Priority">0 is always shown; more only with <c>-o wide</c>.</param>
/// <param name="Format">OpenAPI format; <c>name</c> marks the primary column.</param>
public sealed record TableColumn(string Name, string Type, string Description, int Priority = 0, string Format = "");
