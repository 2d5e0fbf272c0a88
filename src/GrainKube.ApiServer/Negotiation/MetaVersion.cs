namespace GrainKube.ApiServer.Negotiation;

/// <summary>The versions of <c>meta.k8s.io</c> in which tables and metadata are given. Their fields are the same.</summary>
internal enum MetaVersion
{
    V1,
    V1Beta1,
}
