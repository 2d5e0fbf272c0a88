namespace GrainKube.ApiMachinery.Schemas;

/// <summary>What a field may hold. <see cref="Any"/> accepts every JSON value; <see cref="IntOrString"/> is upstream's <c>x-kubernetes-int-or-string</c>.</summary>
public enum SchemaType
{
    Any,
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    IntOrString,
}
