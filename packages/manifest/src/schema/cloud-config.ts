import { z } from 'zod';
import { count } from './values.js';

const tagAttributes = z
  .strictObject({
    image_label: z.boolean().describe('Put the tag on the image.'),
    instance_label: z.boolean().describe('Put the tag on the instance.'),
    instance_network: z.boolean().describe('Use the tag as a network tag.'),
    instance_metadata: z.boolean().describe('Put the tag into the metadata.'),
  })
  .partial();

/** `CloudConfig`: where ops would upload and run an image (ops types/config.go:139-219). Nothing in it changes the image. */
export const cloudConfig = z
  .strictObject({
    BucketName: z.string().describe('Bucket that holds the image.'),
    BucketNamespace: z.string().describe('Namespace of the bucket.'),
    ConfidentialVM: z.boolean().describe('Run as a confidential machine.'),
    DedicatedHostID: z.string().describe('Dedicated host to run on.'),
    DomainName: z.string().describe('Domain name of the instance.'),
    EnableIPv6: z.boolean().describe('Give a new network IPv6.'),
    Flavor: z.string().describe('Kind of machine, e.g. `t2.micro`.'),
    ImageName: z.string().describe('Name of the image at the provider. The name inside the image is the program’s.'),
    ImageType: z.string().describe('Format of the image at the provider.'),
    InstanceProfile: z.string().describe('Role of the instance.'),
    KMS: z.string().describe('Key that encrypts the image.'),
    Platform: z.string().describe('Cloud provider.'),
    ProjectID: z.string().describe('Project at the provider.'),
    RootVolume: z
      .strictObject({
        name: z.string().describe('Name of the volume.'),
        iops: count.describe('Operations per second.'),
        size: count.describe('Size in GiB.'),
        throughput: count.describe('Throughput in MiB per second.'),
        typeof: z.string().describe('Kind of volume.'),
      })
      .partial()
      .describe('Root volume of the instance.'),
    SecurityGroup: z.string().describe('Security group of the instance.'),
    SkipImportVerify: z.boolean().describe('Do not check the role that imports images.'),
    Spot: z.boolean().describe('Run as a spot instance.'),
    StaticIP: z.string().describe('Fixed address of the instance.'),
    Subnet: z.string().describe('Subnet of the instance.'),
    Tags: z
      .array(
        z
          .strictObject({
            key: z.string().describe('Key of the tag.'),
            value: z.string().describe('Value of the tag.'),
            attribute: tagAttributes.describe('Where the tag goes.'),
          })
          .partial(),
      )
      .describe('Tags of image and instance.'),
    UserData: z.string().describe('Data for the instance’s first start.'),
    VPC: z.string().describe('Network of the instance.'),
    Zone: z.string().describe('Zone of the instance.'),
  })
  .partial();
